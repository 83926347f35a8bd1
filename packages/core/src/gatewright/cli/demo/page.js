// The demo page: plain requests to the API of the same origin, and what they answered.

const byId = (id) => document.getElementById(id);
const status = byId("status");

/** What the API answered; throws an Error with its message where it refused. */
async function call(path, body) {
  const options =
    body === undefined
      ? { headers: { accept: "application/json" } }
      : {
          method: "POST",
          headers: { accept: "application/json", "content-type": "application/json" },
          body: JSON.stringify(body),
        };
  let response;
  try {
    response = await fetch(`/api/auth${path}`, { ...options, credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new Error("The server does not answer.");
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  if (response.status === 429) {
    const seconds = response.headers.get("x-retry-after");
    throw new Error(seconds ? `Too many attempts. Try again in ${seconds} s.` : "Too many attempts. Try again later.");
  }
  throw new Error(answer?.message || `The server answered ${response.status}.`);
}

function say(text, kind = "") {
  status.textContent = text;
  status.className = kind;
}

/** Run one action with its button at rest meanwhile, and tell how it went. */
async function act(button, done, action) {
  if (button.disabled) return;
  button.disabled = true;
  try {
    await action();
    say(done, "good");
  } catch (error) {
    say(error.message, "bad");
  } finally {
    button.disabled = false;
  }
}

function moment(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? String(text) : date.toLocaleString();
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
  describe(byId("user"), [
    ["Name", user.name],
    ["E-mail", `${user.email} (${user.emailVerified ? "verified" : "not verified"})`],
    ["User", user.id],
    ["Signed in", moment(session.createdAt)],
    ["Until", moment(session.expiresAt)],
  ]);
  const { token: _secret, ...shown } = session;
  byId("session").textContent = JSON.stringify({ session: shown, user }, null, 2);
  byId("update-name").value = user.name;
  byId("change-password").elements.username.value = user.email;
  await showSessions(session.id);
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

/** Send a form's fields; empty it once they were accepted. */
function onSubmit(id, done, send) {
  const form = byId(id);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(form.querySelector("button"), done, async () => {
      await send(new FormData(form));
      form.reset();
      await refresh();
    });
  });
}

onSubmit("sign-in", "You are signed in.", (fields) =>
  call("/sign-in/email", {
    email: fields.get("email"),
    password: fields.get("password"),
    rememberMe: fields.has("rememberMe"),
  }),
);

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

refresh().then(
  (found) => say(found ? "You are signed in." : "Nobody is signed in."),
  (error) => {
    byId("guest").hidden = false;
    say(error.message, "bad");
  },
);
