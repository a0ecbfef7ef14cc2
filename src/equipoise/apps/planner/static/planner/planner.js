// Moving a block on the grid, by mouse, touch or keyboard. Without this file each block has a small form for it.
(() => {
  "use strict";

  const plan = document.querySelector("[data-plan]");
  if (plan === null) return;
  const form = plan.querySelector("[data-plan-shift]");
  const says = plan.querySelector("[data-plan-says]");
  const days = [...plan.querySelectorAll(".day-rows[data-day]")];
  const rightToLeft = document.documentElement.dir === "rtl";
  const MINUTES = 15;
  const SLACK = 5;

  const clock = (minutes) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

  // Where a block is: its list item, and what is needed to put it back.
  const take = (item) => ({
    item,
    home: item.parentElement,
    next: item.nextElementSibling,
    classes: item.className,
    rows: Number(item.dataset.rows),
    row: Number(item.dataset.row),
    day: item.parentElement,
    moved: false,
  });

  const startOf = (held) => 60 * Number(held.day.dataset.firstHour) + MINUTES * (held.row - 1);

  const place = (held, day, row) => {
    const last = (4 * Number(day.dataset.rows)) - held.rows + 1;
    held.day = day;
    held.row = Math.max(1, Math.min(last, row));
    held.moved = true;
    held.item.className = `moving at-${held.row} for-${held.rows} lane-1-of-1`;
    if (held.item.parentElement !== day) day.append(held.item);
  };

  const say = (held) => {
    const start = startOf(held);
    says.textContent = `${held.day.dataset.name}, ${clock(start)}–${clock(start + MINUTES * held.rows)}`;
  };

  const putBack = (held) => {
    held.item.className = held.classes;
    held.home.insertBefore(held.item, held.next);
  };

  const keep = (held) => {
    form.action = held.item.dataset.shift;
    form.elements.day.value = held.day.dataset.day;
    form.elements.start.value = clock(startOf(held));
    form.submit();
  };

  // By keyboard.
  let held = null;
  const letGo = () => {
    if (held === null) return;
    const link = held.item.querySelector("a");
    const was = held;
    held = null;
    putBack(was);
    link.focus();
  };

  const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [rightToLeft ? 1 : -1, 0], ArrowRight: [rightToLeft ? -1 : 1, 0] };

  plan.addEventListener("keydown", (event) => {
    const link = event.target.closest("[data-block] > a");
    if (link === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (held === null || held.item !== link.parentElement) held = take(link.parentElement);
      const at = days.indexOf(held.day);
      const day = days[Math.max(0, Math.min(days.length - 1, at + step[0]))];
      place(held, day, held.row + step[1]);
      link.focus({ preventScroll: true });
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
      say(held);
    } else if (event.key === "Enter" && held !== null) {
      event.preventDefault();
      keep(held);
    } else if (event.key === "Escape" && held !== null) {
      event.preventDefault();
      letGo();
      says.textContent = says.dataset.putBack;
    }
  });

  // A block left without Enter goes back.
  plan.addEventListener("focusout", (event) => {
    if (held === null || !held.item.contains(event.target)) return;
    window.setTimeout(() => {
      if (held !== null && !held.item.contains(document.activeElement)) {
        const was = held;
        held = null;
        putBack(was);
      }
    }, 0);
  });

  // By mouse or touch. The click that follows a drag is none.
  let drag = null;
  let dragged = false;
  plan.addEventListener("click", (event) => { if (dragged) event.preventDefault(); }, true);

  plan.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("[data-block]");
    if (item === null || event.button !== 0) return;
    const box = item.getBoundingClientRect();
    drag = { held: take(item), x: event.clientX, y: event.clientY, from: event.clientY - box.top, pointer: event.pointerId, on: false };
  });

  plan.addEventListener("pointermove", (event) => {
    if (drag === null || event.pointerId !== drag.pointer) return;
    if (!drag.on) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < SLACK) return;
      drag.on = true;
      plan.setPointerCapture(drag.pointer);
    }
    const day = days.find((each) => {
      const box = each.getBoundingClientRect();
      return event.clientX >= box.left && event.clientX < box.right;
    }) || drag.held.day;
    const box = day.getBoundingClientRect();
    const height = box.height / (4 * Number(day.dataset.rows));
    const row = Math.round((event.clientY - drag.from - box.top) / height) + 1;
    if (day !== drag.held.day || row !== drag.held.row || !drag.held.moved) {
      place(drag.held, day, row);
      say(drag.held);
    }
  });

  const drop = (event, kept) => {
    if (drag === null || event.pointerId !== drag.pointer) return;
    const was = drag;
    drag = null;
    if (!was.on) return;
    dragged = true;
    window.setTimeout(() => (dragged = false), 0);
    const same = was.held.day === was.held.home && was.held.row === Number(was.held.item.dataset.row);
    if (kept && !same) keep(was.held);
    else putBack(was.held);
  };

  plan.addEventListener("pointerup", (event) => drop(event, true));
  plan.addEventListener("pointercancel", (event) => drop(event, false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag !== null && drag.on) {
      const was = drag;
      drag = null;
      putBack(was.held);
    }
  });

  // Coming back from an answer, the block one answered has the focus.
  const answered = window.location.hash.startsWith("#b") ? document.querySelector(window.location.hash) : null;
  answered?.focus({ preventScroll: false });
})();
