// Asking the API of the same origin, and telling on the page how it went.

export const byId = (id) => document.getElementById(id);
const status = byId("status");

/** What the API answered; throws an Error with its message where it refused. */
export async function call(path, body) {
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

export function say(text, kind = "") {
  status.textContent = text;
  status.className = kind;
}

/** Run one action with its button at rest meanwhile, and tell how it went; it may have its own word for that. */
export async function act(button, done, action) {
  if (button.disabled) return;
  button.disabled = true;
  try {
    say((await action()) ?? done, "good");
  } catch (error) {
    say(error.message, "bad");
  } finally {
    button.disabled = false;
  }
}

/** What to do when somebody may have signed in or out; the page says. */
export const after = { change: async () => {} };

/** Send a form's fields; empty it once they were accepted. */
export function onSubmit(id, done, send) {
  const form = byId(id);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(form.querySelector("button"), done, async () => {
      const told = await send(new FormData(form));
      form.reset();
      await after.change();
      return typeof told === "string" ? told : undefined;
    });
  });
}
