import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { registryApp, settingsOf } from '../lib/app';
import { RegistryStack } from '../lib/registry-stack';

const app = registryApp();
const settings = settingsOf(app);
new RegistryStack(app, settings.stackName, { settings });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
