/**
 * Takes the deployments that a webhook tells of and commits them as manifests: a program beside git, or in a container.
 * WEBHOOK_SECRET and MANIFESTS (what `git clone` takes) must be set; SYSTEM, that of the targets, is gitops, BRANCH main, PORT 8080.
 */
import { commitManifest } from './gitops';
import { receiver } from './server';

const { WEBHOOK_SECRET: secret, MANIFESTS: url } = process.env;
const { SYSTEM: system = 'gitops', BRANCH: branch = 'main', PORT: port = '8080' } = process.env;
if (!secret || !url) throw new Error('WEBHOOK_SECRET and MANIFESTS must be set');

const log = (text: string) => console.log(text);
const author = { name: 'Signet', email: 'signet@example.com' };

// One at a time: pushes to one repository would only get in each other's way.
let last: Promise<unknown> = Promise.resolve();

receiver({
  secret,
  system,
  log,
  deploy: async (event) => {
    const turn = last.then(() => commitManifest({ url, branch, author }, event));
    last = turn.catch(() => undefined);
    log(`${event.type} of ${event.model} version ${event.version}: ${(await turn) ? 'committed' : 'known already'}`);
  },
}).listen(Number(port), () => log(`listening on port ${port}`));
