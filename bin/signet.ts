import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { registryApp } from '../lib/app';
import { RegistryStack } from '../lib/registry-stack';
import { settingsFor } from '../lib/settings';

const app = registryApp();
const settings = settingsFor(app.node.tryGetContext('stage'));
new RegistryStack(app, settings.stackName, { settings });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
