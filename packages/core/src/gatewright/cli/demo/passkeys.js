// Passkeys on the demo page: the browser's own dialogue, between two questions to the API.

import { act, after, byId, call } from "/ask.js";

const able = Boolean(globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON);
let waiting = null;

/** Sign in with a passkey: by the button, or by choosing one in the field for the address. */
export function offerPasskeys() {
  const button = byId("passkey-sign-in");
  button.hidden = !able;
  byId("passkey-missing").hidden = able;
  button.addEventListener("click", () => act(button, "You are signed in.", () => signIn()));
  byId("add-passkey").addEventListener("click", (event) =>
    act(event.currentTarget, "Your passkey is there.", async () => {
      await register();
      await after.change();
    }),
  );
  suggest();
}

async function suggest() {
  if (!able || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  if (await call("/get-session")) return;
  try {
    await signIn("conditional");
  } catch {
    // Nothing was chosen; the button is there.
  }
}

async function signIn(mediation = "optional") {
  waiting?.abort();
  const stop = new AbortController();
  waiting = stop;
  const options = await call("/passkey/generate-authenticate-options");
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const found = await dialogue(() => navigator.credentials.get({ publicKey, mediation, signal: stop.signal }));
  await call("/passkey/verify-authentication", { response: found.toJSON() });
  await after.change();
}

async function register() {
  waiting?.abort();
  const options = await call("/passkey/generate-register-options");
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const made = await dialogue(() => navigator.credentials.create({ publicKey }));
  const name = `${navigator.userAgentData?.platform || "Browser"}, ${new Date().toLocaleDateString()}`;
  await call("/passkey/verify-registration", { response: made.toJSON(), name });
}

/** What the browser's dialogue gives, with a word for how it can fail. */
async function dialogue(open) {
  try {
    return await open();
  } catch (error) {
    if (error.name === "InvalidStateError") throw new Error("This device has a passkey of yours already.");
    if (error.name === "SecurityError") throw new Error("Passkeys need the address http://localhost.");
    throw new Error("No passkey was used.");
  }
}

/** One's own passkeys, each with a button to delete it. */
export async function showPasskeys() {
  byId("add-passkey").hidden = !able;
  const items = (await call("/passkey/list-user-passkeys")).map(item);
  if (!items.length) {
    const none = document.createElement("li");
    none.textContent = "None yet.";
    items.push(none);
  }
  byId("passkeys").replaceChildren(...items);
}

function item(passkey) {
  const line = document.createElement("li");
  const text = document.createElement("span");
  text.textContent = passkey.name || "Passkey";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Delete";
  button.setAttribute("aria-label", `Delete the passkey ${text.textContent}`);
  button.addEventListener("click", () =>
    act(button, "The passkey is deleted.", async () => {
      await call("/passkey/delete-passkey", { id: passkey.id });
      await after.change();
      byId("passkeys-title").focus();
    }),
  );
  line.append(text, button);
  return line;
}
