// A SAML provider for the tests, by the library samlp: it reads one request of ours and prints its signed answer.
// On standard input, JSON: the request as it stood in the address, the user, the key and certificate, and options.
import bundle from "./samlp.bundle.cjs";

const { samlp } = bundle;

const parts = [];
for await (const part of process.stdin) parts.push(part);
const { request, user, attributes, ...options } = JSON.parse(Buffer.concat(parts).toString());

const mapper = () => ({
  getClaims: () => attributes,
  getNameIdentifier: () => ({ nameIdentifier: user, nameIdentifierFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" }),
});

samlp.parseRequest({ query: { SAMLRequest: request } }, {}, (error, asked) => {
  if (error) throw error;
  const told = {
    signatureAlgorithm: "rsa-sha256",
    digestAlgorithm: "sha256",
    profileMapper: mapper,
    audience: asked.issuer,
    recipient: asked.assertionConsumerServiceURL,
    destination: asked.assertionConsumerServiceURL,
    inResponseTo: asked.id,
    ...options,
  };
  samlp.getSamlResponse(told, {}, (failed, answer) => {
    if (failed) throw failed;
    process.stdout.write(Buffer.from(answer).toString("base64"));
  });
});
