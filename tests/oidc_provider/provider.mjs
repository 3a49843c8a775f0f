// A real OpenID Connect provider for the tests. Its clients, accounts and port come as JSON in the environment.
//
// Beside what the standard says it answers two addresses of its own: a page where one chooses who to sign in as, and one
// with which a test changes what it says of somebody.
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const { port, clients, accounts, keys } = JSON.parse(process.env.OIDC_PROVIDER);
const issuer = `http://127.0.0.1:${port}`;
const signing = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const provider = new Provider(issuer, {
  clients,
  jwks: { keys: [{ ...signing, kid: "first", use: "sig", alg: "RS256" }] },
  cookies: { keys },
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"], larnat: ["groups", "orgnr"] },
  scopes: ["openid", "profile", "email", "larnat"],
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  interactions: { url: (_ctx, interaction) => `/who/${interaction.uid}` },
  findAccount: (_ctx, sub) => accounts[sub] && { accountId: sub, claims: () => ({ sub, ...accounts[sub] }) },
  // Nobody is asked whether Lärnät may know: the municipality has decided.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope(ctx.oidc.params.scope);
    await grant.save();
    return grant;
  },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
});

async function body(request) {
  let text = "";
  for await (const part of request) text += part;
  return text;
}

provider.use(async (ctx, next) => {
  const [, place, what] = ctx.path.split("/");
  if (place === "who" && ctx.method === "GET") {
    await provider.interactionDetails(ctx.req, ctx.res);
    ctx.type = "html";
    ctx.body = `<form method="post" action="/who/${what}"><input name="account"><button>Logga in</button></form>`;
  } else if (place === "who") {
    const account = new URLSearchParams(await body(ctx.req)).get("account");
    const result = account
      ? { login: { accountId: account } }
      : { error: "access_denied", error_description: "nobody wanted to" };
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
    ctx.status = 303;
  } else if (place === "accounts") {
    Object.assign((accounts[what] ??= {}), JSON.parse(await body(ctx.req)));
    ctx.status = 204;
  } else {
    await next();
  }
});

provider.listen(port, "127.0.0.1", () => console.log("ready"));
