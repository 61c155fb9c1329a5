import { Duration, SecretValue } from 'aws-cdk-lib';
import {
  ApiDestination,
  Authorization,
  Connection,
  type EventBus,
  EventField,
  type IApiDestination,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { ApiDestination as ApiDestinationTarget } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Props of {@link GitHubDispatch}. */
export interface GitHubDispatchProps {
  readonly bus: EventBus;
  /** The repository whose workflow deploys, as `owner/name`. */
  readonly repository: string;
  /**
   * Secret in Secrets Manager, as text: a fine-grained token with read and write access to the contents of that repository.
   * Deploy again after changing it.
   */
  readonly tokenSecret: string;
  /** Targets with this `system` are deployed by GitHub. */
  readonly system: string;
  /** Of an own GitHub server: `https://github.example.com/api/v3`. */
  readonly api?: string;
}

/** Starts a workflow by `repository_dispatch` for every deployment that a target asks GitHub for, and every one to be taken down. */
export class GitHubDispatch extends Construct {
  constructor(scope: Construct, id: string, props: GitHubDispatchProps) {
    super(scope, id);
    const { bus, repository, tokenSecret, system, api = 'https://api.github.com' } = props;
    const token = SecretValue.secretsManager(tokenSecret).unsafeUnwrap();
    const connection = new Connection(this, 'Connection', {
      description: `Calls GitHub for ${repository}`,
      // What is unwrapped is a reference: the token itself is in no template.
      authorization: Authorization.apiKey('Authorization', SecretValue.unsafePlainText(`Bearer ${token}`)),
    });
    const destination = new ApiDestination(this, 'Destination', {
      connection,
      endpoint: `${api}/repos/${repository}/dispatches`,
      rateLimitPerSecond: 5,
    });
    new Rule(this, 'Rule', {
      description: `Deployments that workflows of ${repository} carry out`,
      eventBus: bus,
      eventPattern: {
        source: ['signet'],
        detailType: ['deployment.requested', 'deployment.removing'],
        detail: { current: { deployment: { system: [system] } } },
      },
      targets: [
        new ApiDestinationTarget(destination as IApiDestination, {
          event: RuleTargetInput.fromObject({
            event_type: 'signet-deployment',
            // GitHub takes ten properties here.
            client_payload: {
              type: EventField.fromPath('$.detail.type'),
              workspace: EventField.fromPath('$.detail.workspace'),
              model: EventField.fromPath('$.detail.model'),
              version: EventField.fromPath('$.detail.version'),
              digest: EventField.fromPath('$.detail.artifactDigest'),
              stage: EventField.fromPath('$.detail.current.deployment.stage'),
              deployment: EventField.fromPath('$.detail.current.deployment.id'),
              generation: EventField.fromPath('$.detail.current.deployment.generation'),
              event: EventField.fromPath('$.detail.id'),
            },
          }),
          headerParameters: { Accept: 'application/vnd.github+json', 'X-GitHub-Api-Version': '2022-11-28' },
          maxEventAge: Duration.hours(2),
          deadLetterQueue: new Queue(this, 'Failed', { enforceSSL: true, retentionPeriod: Duration.days(14) }),
        }),
      ],
    });
  }
}
