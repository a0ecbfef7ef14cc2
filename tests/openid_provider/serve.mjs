// An OpenID provider on this machine for the tests: node-oidc-provider with a page to sign in, and ways to look inside.
// Arguments: the redirect address of the client. The first line it prints is its address.
import http from "node:http";
import { Provider } from "./oidc_provider.bundle.mjs";

const [redirect] = process.argv.slice(2);
const people = new Map();
const asked = [];

const server = http.createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://localhost:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "equipoise", client_secret: "a secret of the tests", redirect_uris: [redirect] }],
    claims: { openid: ["sub", "groups"], email: ["email", "email_verified"], profile: ["name"] },
    scopes: ["openid", "email", "profile"],
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    cookies: { keys: ["only for tests"] },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ accountId: ctx.oidc.session.accountId, clientId: ctx.oidc.client.clientId });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  provider.on("grant.error", (_ctx, error) => console.error(error.error_detail || error));
  const handle = provider.callback();
  server.on("request", async (request, response) => {
    const url = new URL(request.url, issuer);
    if (url.pathname === "/tests/people") {
      const told = JSON.parse(await text(request));
      people.set(told.sub, told);
      response.end();
    } else if (url.pathname === "/tests/asked") {
      response.end(JSON.stringify(asked));
    } else if (url.pathname.startsWith("/interaction/")) {
      await interact(provider, request, response);
    } else {
      if (url.pathname === "/auth") asked.push(Object.fromEntries(url.searchParams));
      handle(request, response);
    }
  });
  console.log(issuer);
});

async function interact(provider, request, response) {
  if (request.method === "POST") {
    const accountId = new URLSearchParams(await text(request)).get("login");
    await provider.interactionFinished(request, response, { login: { accountId } }, { mergeWithLastSubmission: false });
    return;
  }
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(`<!doctype html><html lang="en"><title>Directory</title><link rel="icon" href="data:,">
<main><h1>The directory</h1><form method="post"><label>Name <input name="login"></label><button>Come in</button></form></main>`);
}

async function text(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
