// Signing in with the demo's own provider: there by redirect, and back with a session or with a reason why not.

import { act, byId, call } from "/ask.js";

const REASONS = {
  access_denied: "Nobody signed in at the demo provider.",
  account_not_linked: "That address has an account already; the provider does not vouch for it.",
};

/** Offer the provider where there is one: a demo that others can reach has none. */
export async function offerProvider() {
  const button = byId("provider-sign-in");
  button.addEventListener("click", () =>
    act(button, "You are sent to the provider.", async () => {
      const { url } = await call("/sign-in/social", { provider: "demo", callbackURL: "/", errorCallbackURL: "/" });
      window.location.assign(url);
    }),
  );
  const answer = await fetch("/issuer/.well-known/openid-configuration").catch(() => null);
  button.hidden = !answer?.ok;
}

/** Why the provider, or the API, sent the browser back without a session; the address forgets it. */
export function refusal() {
  const code = new URLSearchParams(window.location.search).get("error");
  if (!code) return undefined;
  window.history.replaceState(null, "", window.location.pathname);
  return REASONS[code] ?? `Signing in failed: ${code}.`;
}
