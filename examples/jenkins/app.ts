/** The registry with a rule of its own: what is to be deployed by Jenkins starts a job there. */
import { registryApp, settingsOf } from '../../lib/app';
import { RegistryStack } from '../../lib/registry-stack';
import { JenkinsTrigger } from './trigger';

const app = registryApp();
const settings = settingsOf(app);
const stack = new RegistryStack(app, settings.stackName, { settings });

new JenkinsTrigger(stack, 'Jenkins', {
  bus: stack.bus,
  url: 'https://jenkins.example.com',
  tokenSecret: 'signet/jenkins-token',
  system: 'jenkins',
});
