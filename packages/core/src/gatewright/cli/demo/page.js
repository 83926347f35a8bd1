// The demo page: who is signed in, and the forms for it.

import { act, after, byId, call, onSubmit, say } from "/ask.js";
import { askForCode, showFactor } from "/factors.js";
import { offerPasskeys, showPasskeys } from "/passkeys.js";
import { offerProvider, refusal } from "/provider.js";

const ACCOUNTS = { credential: "password", demo: "demo provider" };

function moment(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? String(text) : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

function describe(list, pairs) {
  list.replaceChildren(
    ...pairs.flatMap(([term, value]) => {
      const name = document.createElement("dt");
      const text = document.createElement("dd");
      name.textContent = term;
      text.textContent = value;
      return [name, text];
    }),
  );
}

/** Show who is signed in, or the forms; whoever was told to leave lands on the right heading. */
async function refresh() {
  const found = await call("/get-session");
  const wasMember = !byId("member").hidden;
  const first = byId("member").hidden && byId("guest").hidden;
  byId("guest").hidden = Boolean(found);
  byId("member").hidden = !found;
  if (found) await showMember(found);
  if (!first && wasMember !== Boolean(found)) byId(found ? "user-title" : "sign-in-title").focus();
  return found;
}

async function showMember({ session, user }) {
  const accounts = await call("/list-accounts");
  // Without a password there is none to change, and none to confirm a second factor with.
  const hasPassword = accounts.some((each) => each.providerId === "credential");
  byId("password-section").hidden = byId("factor-section").hidden = !hasPassword;
  describe(byId("user"), [
    ["Name", user.name],
    ["E-mail", `${user.email} (${user.emailVerified ? "verified" : "not verified"})`],
    ["Accounts", accounts.map((each) => ACCOUNTS[each.providerId] ?? each.providerId).join(", ") || "none"],
    ["User", user.id],
    ["Signed in", moment(session.createdAt)],
    ["Until", moment(session.expiresAt)],
  ]);
  const { token: _secret, ...shown } = session;
  byId("session").textContent = JSON.stringify({ session: shown, user }, null, 2);
  byId("update-name").value = user.name;
  byId("change-password").elements.username.value = user.email;
  showFactor(user);
  await Promise.all([showPasskeys(), showSessions(session.id)]);
}

/** A session that is a day old may act, but not list the others: the API asks for a fresh one. */
async function showSessions(current) {
  let items;
  try {
    items = (await call("/list-sessions")).map((each) => sessionItem(each, current));
  } catch (error) {
    const item = document.createElement("li");
    item.textContent = `${error.message}. Sign in again to see your sessions.`;
    items = [item];
  }
  byId("sessions").replaceChildren(...items);
  byId("revoke-others").hidden = items.length < 2;
}

function sessionItem(session, current) {
  const item = document.createElement("li");
  const text = document.createElement("span");
  const agent = session.userAgent || "Unknown browser";
  text.textContent = `${agent} · since ${moment(session.createdAt)}`;
  item.append(text);
  if (session.id === current) {
    const here = document.createElement("strong");
    here.textContent = "This browser";
    item.append(here);
    return item;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Sign out";
  button.setAttribute("aria-label", `Sign out the session since ${moment(session.createdAt)}`);
  button.addEventListener("click", () =>
    act(button, "That session is signed out.", async () => {
      await call("/revoke-session", { token: session.token });
      await refresh();
      byId("sessions-title").focus();
    }),
  );
  item.append(button);
  return item;
}

onSubmit("sign-in", "You are signed in.", async (fields) =>
  askForCode(
    await call("/sign-in/email", {
      email: fields.get("email"),
      password: fields.get("password"),
      rememberMe: fields.has("rememberMe"),
    }),
  ),
);

onSubmit("magic-link", "A link is on its way to you.", async (fields) => {
  const before = await mailedLink();
  await call("/sign-in/magic-link", { email: fields.get("email"), callbackURL: "/" });
  await showLink(before);
});

/** The link that was mailed last; only a demo for this machine alone tells it. */
async function mailedLink() {
  const answer = await fetch("/outbox", { cache: "no-store" });
  return answer.ok ? (await answer.json()).link : undefined;
}

/** Show the link that would be in the mail, which leaves after the answer. */
async function showLink(before) {
  let link = before;
  for (let tries = 0; link !== undefined && link === before && tries < 20; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    link = await mailedLink();
  }
  const fresh = link !== before;
  byId("link").hidden = !fresh;
  if (fresh) byId("link").href = link;
  byId("link-printed").hidden = fresh;
}

onSubmit("sign-up", "Your account is there, and you are signed in.", (fields) =>
  call("/sign-up/email", {
    name: fields.get("name"),
    email: fields.get("email"),
    password: fields.get("password"),
  }),
);

onSubmit("update-user", "Your name is saved.", (fields) => call("/update-user", { name: fields.get("name") }));

onSubmit("change-password", "Your password is changed.", (fields) =>
  call("/change-password", {
    currentPassword: fields.get("currentPassword"),
    newPassword: fields.get("newPassword"),
    revokeOtherSessions: fields.has("revokeOtherSessions"),
  }),
);

byId("sign-out").addEventListener("click", (event) =>
  act(event.currentTarget, "You are signed out.", async () => {
    await call("/sign-out", {});
    await refresh();
  }),
);

byId("revoke-others").addEventListener("click", (event) =>
  act(event.currentTarget, "Every other session is signed out.", async () => {
    await call("/revoke-other-sessions", {});
    await refresh();
    byId("sessions-title").focus();
  }),
);

after.change = refresh;
offerPasskeys();
offerProvider();
const refused = refusal();

refresh().then(
  (found) => (refused ? say(refused, "bad") : say(found ? "You are signed in." : "Nobody is signed in.")),
  (error) => {
    byId("guest").hidden = false;
    say(error.message, "bad");
  },
);
