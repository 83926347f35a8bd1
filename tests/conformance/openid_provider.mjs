// A real OpenID provider on this machine: the certified oidc-provider, which signs in whoever comes as one account.
//
// Run in a folder whose node_modules hold it; CLIENTS is JSON of its clients. Prints its issuer, ends with its input.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

console.warn = console.info = () => {};
const { default: Provider } = await import(pathToFileURL(createRequire(join(process.cwd(), "here.js")).resolve("oidc-provider")));

const person = { email: "ida@example.com", email_verified: true, name: "Ida Noddack", picture: "https://example.com/ida.png" };
const scopes = "openid email profile offline_access";
let provider;

const server = createServer(async (req, res) => {
	if (!req.url.startsWith("/interaction/")) return provider.callback()(req, res);
	const { prompt } = await provider.interactionDetails(req, res);
	const answer = prompt.name === "login" ? { login: { accountId: "person-1" } } : { consent: {} };
	return provider.interactionFinished(req, res, answer, { mergeWithLastSubmission: true });
});

server.listen(0, "127.0.0.1", () => {
	const issuer = `http://127.0.0.1:${server.address().port}`;
	provider = new Provider(issuer, {
		clients: JSON.parse(process.env.CLIENTS),
		cookies: { keys: ["only-for-tests"] },
		claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "picture"] },
		scopes: scopes.split(" "),
		findAccount: (_, accountId) => ({ accountId, claims: () => ({ ...person, sub: accountId }) }),
		loadExistingGrant: async (ctx) => {
			const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
			grant.addOIDCScope(scopes);
			await grant.save();
			return grant;
		},
		interactions: { url: (_, { uid }) => `/interaction/${uid}` },
		features: { devInteractions: { enabled: false }, userinfo: { enabled: true } },
		pkce: { required: () => true },
		issueRefreshToken: async (_, client, code) => client.grantTypeAllowed("refresh_token") && code.scopes.has("offline_access"),
		rotateRefreshToken: true,
	});
	console.log(issuer);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
