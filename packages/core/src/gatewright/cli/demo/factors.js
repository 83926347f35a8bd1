// The second factor on the demo page: codes of an authenticator app.

import { byId, call, onSubmit } from "/ask.js";

let member = null;
let confirming = null;

/** Ask for a code where the password alone has signed nobody in; what there is to say of it. */
export function askForCode(answer) {
  const owed = Boolean(answer?.twoFactorRedirect);
  byId("code-section").hidden = !owed;
  byId("sign-in-section").hidden = owed;
  if (!owed) return undefined;
  byId("code").focus();
  return "That was your password. Now the code of your app.";
}

/** Offer to begin or to end with codes, as the user stands. */
export function showFactor(user) {
  const on = Boolean(user.twoFactorEnabled);
  byId("factor-state").textContent = on
    ? "Codes of an authenticator app are asked for after your password."
    : "A password is enough to sign you in.";
  member = user.id;
  const waits = !on && confirming === member;
  byId("enable-factor").hidden = on || waits;
  byId("confirm-factor").hidden = !waits;
  byId("disable-factor").hidden = !on;
  if (!waits) for (const id of ["factor-secret", "factor-backup"]) byId(id).textContent = "";
  for (const id of ["enable-factor", "disable-factor"]) byId(id).elements.username.value = user.email;
  askForCode(null);
}

onSubmit("verify-code", "You are signed in.", async (fields) => {
  await call("/two-factor/verify-totp", { code: fields.get("code"), trustDevice: fields.has("trustDevice") });
  askForCode(null);
});

onSubmit("enable-factor", "Add the secret to your app, then type its code.", async (fields) => {
  const { totpURI, backupCodes } = await call("/two-factor/enable", { password: fields.get("password") });
  byId("factor-secret").textContent = new URL(totpURI).searchParams.get("secret");
  byId("factor-link").href = totpURI;
  byId("factor-backup").textContent = backupCodes.join("  ");
  confirming = member;
});

onSubmit("confirm-code", "From now on a code is asked for.", (fields) =>
  call("/two-factor/verify-totp", { code: fields.get("code") }),
);

onSubmit("disable-factor", "No code is asked for any more.", (fields) =>
  call("/two-factor/disable", { password: fields.get("password") }),
);
