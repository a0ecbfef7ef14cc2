"""How somebody who was added comes in: by a link to hand over, or by the same link in a mail."""
