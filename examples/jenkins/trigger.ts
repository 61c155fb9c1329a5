import { Duration, SecretValue } from 'aws-cdk-lib';
import {
  ApiDestination,
  Authorization,
  Connection,
  type EventBus,
  type IApiDestination,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { ApiDestination as ApiDestinationTarget } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Props of {@link JenkinsTrigger}. */
export interface JenkinsTriggerProps {
  readonly bus: EventBus;
  /** Where Jenkins is, without a trailing slash; it must be reachable from the internet. */
  readonly url: string;
  /** Secret in Secrets Manager, as text: the token of the job's Generic Webhook Trigger. Deploy again after changing it. */
  readonly tokenSecret: string;
  /** Targets with this `system` are deployed by Jenkins. */
  readonly system: string;
}

/** Starts the Jenkins job with the token for every deployment that a target asks Jenkins for, and every one to be taken down. */
export class JenkinsTrigger extends Construct {
  constructor(scope: Construct, id: string, { bus, url, tokenSecret, system }: JenkinsTriggerProps) {
    super(scope, id);
    const connection = new Connection(this, 'Connection', {
      description: `Triggers jobs of ${url}`,
      authorization: Authorization.apiKey('token', SecretValue.secretsManager(tokenSecret)),
    });
    const destination = new ApiDestination(this, 'Destination', {
      connection,
      endpoint: `${url}/generic-webhook-trigger/invoke`,
      rateLimitPerSecond: 5,
    });
    new Rule(this, 'Rule', {
      description: `Deployments that Jenkins carries out`,
      eventBus: bus,
      eventPattern: {
        source: ['signet'],
        detailType: ['deployment.requested', 'deployment.removing'],
        detail: { current: { deployment: { system: [system] } } },
      },
      targets: [
        new ApiDestinationTarget(destination as IApiDestination, {
          // The event itself, as webhooks send it: one Jenkinsfile does for both.
          event: RuleTargetInput.fromEventPath('$.detail'),
          maxEventAge: Duration.hours(2),
          deadLetterQueue: new Queue(this, 'Failed', { enforceSSL: true, retentionPeriod: Duration.days(14) }),
        }),
      ],
    });
  }
}
