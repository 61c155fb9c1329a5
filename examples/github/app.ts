/** The registry with a rule of its own: what is to be deployed by GitHub starts a workflow there. */
import { registryApp, settingsOf } from '../../lib/app';
import { RegistryStack } from '../../lib/registry-stack';
import { GitHubDispatch } from './dispatch';

const app = registryApp();
const settings = settingsOf(app);
const stack = new RegistryStack(app, settings.stackName, { settings });

new GitHubDispatch(stack, 'GitHub', {
  bus: stack.bus,
  repository: 'acme/deployments',
  tokenSecret: 'signet/github-token',
  system: 'github',
});
