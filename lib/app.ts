import { App, type AppProps } from 'aws-cdk-lib';
import { context as featureFlags } from '../cdk.json';
import { type Settings, settingsFor } from './settings';

/**
 * The CDK app with the feature flags of `cdk.json`, whoever starts it: the CDK CLI passes them on by itself, the local run
 * and the tests do not, and without them the same code synthesises another template.
 */
export function registryApp(props: AppProps = {}): App {
  return new App({ ...props, context: { ...featureFlags, ...props.context } });
}

/** The settings that the context of an app asks for: `-c stage=…`, `-c mailFrom=…`, `-c executionRole=…`. */
export function settingsOf(app: App): Settings {
  const context = (name: string): unknown => app.node.tryGetContext(name);
  return settingsFor(context('stage'), process.env, {
    mailFrom: context('mailFrom'),
    executionRole: context('executionRole'),
  });
}
