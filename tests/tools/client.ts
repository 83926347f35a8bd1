// A client's view of the document: compiled against the types that openapi-typescript makes of it, never run.
import type { components, paths } from "./api";

type SignIn = paths["/sign-in/email"]["post"];
type Body = NonNullable<SignIn["requestBody"]>["content"]["application/json"];
type Answer = SignIn["responses"][200]["content"]["application/json"];
type Refusal = SignIn["responses"][401]["content"]["application/json"];
type Session = paths["/get-session"]["get"]["responses"][200]["content"]["application/json"];
type Key = paths["/api-key/create"]["post"]["responses"][200]["content"]["application/json"];

export const body: Body = { email: "ada@example.com", password: "password-1234", rememberMe: false };
export const token = (answer: Answer): string => answer.token;
export const name = (user: components["schemas"]["User"]): string => user.name;
export const code = (refusal: Refusal): string | undefined => refusal.code;
export const whose = (session: Session): string | undefined => session?.user.email;
export const key = (made: Key): string => made.key;

// @ts-expect-error a password is a text
export const wrong: Body = { email: "ada@example.com", password: 1 };
// @ts-expect-error there is no such operation
export type Nothing = paths["/sign-in/nowhere"];
