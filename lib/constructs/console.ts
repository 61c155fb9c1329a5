import { Aws, type CfnResource, CustomResource, Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CONSOLE } from '../../contract/names';
import { API_PATHS, contentSecurityPolicy, REWRITE } from './console-edge';
import type { Identity } from './identity';
import type { LogProps } from './log-group';
import { removal } from './private-bucket';
import { RegistryFunction } from './registry-function';

/** Props of {@link Console}. */
export interface ConsoleProps {
  readonly stage: string;
  /** Id of the people's HTTP API, which is served under the console's own origin. */
  readonly apiId: string;
  readonly identity: Identity;
  /** Where files are sent to and fetched from, by the page itself. */
  readonly artifacts: Bucket;
  /** Bucket that takes the access log; none in a disposable stage. */
  readonly accessLogs: IBucket | undefined;
  readonly logs: LogProps;
}

/**
 * The console: a page in a private bucket, served by CloudFront, with the people's API under the same origin. A distribution
 * costs nothing while nobody looks at it.
 */
export class Console extends Construct {
  readonly distribution: Distribution;
  /** Scheme and host of the page. */
  readonly origin: string;

  constructor(scope: Construct, id: string, props: ConsoleProps) {
    super(scope, id);
    const bucket = this.files(props);
    const responseHeadersPolicy = this.headers(props);
    const api: BehaviorOptions = {
      origin: new HttpOrigin(`${props.apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`, {
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        readTimeout: Duration.seconds(30),
      }),
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      responseHeadersPolicy,
      compress: true,
    };
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Console of the model registry ${Stack.of(this).stackName}`,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy,
        compress: true,
        functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: this.rewrite() }],
      },
      additionalBehaviors: Object.fromEntries(API_PATHS.map((path) => [path, api])),
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
    });
    this.origin = `https://${this.distribution.distributionDomainName}`;
    this.publish(bucket, props);
    this.acknowledge();
  }

  private files({ accessLogs, logs }: ConsoleProps): IBucket {
    const bucket = new Bucket(this, 'Files', {
      // Everybody may read the page; a key of its own would only have to be shared with CloudFront.
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      ...(accessLogs ? { serverAccessLogsBucket: accessLogs, serverAccessLogsPrefix: 'Console/' } : {}),
      ...removal(logs.retainData),
    });
    if (!accessLogs) {
      Validations.of(bucket).acknowledge({
        id: 'AwsSolutions-S1',
        reason:
          'Disposable stage: an access log would block the removal of the stack, and the bucket holds public files.',
      });
    }
    // The class declares `isWebsite` as possibly undefined, its interface as absent.
    return bucket as IBucket;
  }

  private headers({ artifacts, identity }: ConsoleProps): ResponseHeadersPolicy {
    const places = [`https://${artifacts.bucketRegionalDomainName}`, ...identity.signInPlaces];
    return new ResponseHeadersPolicy(this, 'Headers', {
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(places), override: true },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: true, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.SAME_ORIGIN, override: true },
      },
    });
  }

  private rewrite(): EdgeFunction {
    return new EdgeFunction(this, 'Rewrite', {
      comment: 'Every address of the console is the same page',
      code: FunctionCode.fromInline(REWRITE),
      runtime: FunctionRuntime.JS_2_0,
    });
  }

  private publish(bucket: IBucket, { identity, stage, logs }: ConsoleProps): void {
    const fn = new RegistryFunction(this, 'Publish', {
      description: 'Puts the console of the model registry into its bucket',
      entry: 'lambdas/publish-console.ts',
      timeout: Duration.minutes(5),
      logs,
      // The page is part of the function's code: both are deployed, or neither.
      beside: {
        folder: CONSOLE.folder,
        build: ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'error', '--outDir'],
      },
    });
    fn.allow(new PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] }));
    fn.acknowledgeObjectWildcard(
      bucket.node.defaultChild as CfnResource,
      'The names of the files follow from their content; the bucket holds nothing else.',
    );
    const { code } = fn.function.node.defaultChild as CfnFunction;
    const published = new CustomResource(this, 'Published', {
      resourceType: 'Custom::SignetConsole',
      serviceToken: fn.function.functionArn,
      serviceTimeout: Duration.minutes(6),
      properties: {
        Bucket: bucket.bucketName,
        Config: Stack.of(this).toJsonString({ stage, ...(identity.signIn && { signIn: identity.signIn }) }),
        // CloudFormation calls only when a property has changed: this one does with every other code.
        Code: (code as CfnFunction.CodeProperty).s3Key,
      },
    });
    published.node.addDependency(fn);
  }

  private acknowledge(): void {
    Validations.of(this.distribution).acknowledge(
      { id: 'AwsSolutions-CFR1', reason: 'Whoever may sign in may do so from any country.' },
      {
        id: 'AwsSolutions-CFR2',
        reason:
          'A web ACL costs 5 USD a month while idle. The page is static, and the API behind it throttles and demands a token.',
      },
      {
        id: 'AwsSolutions-CFR3',
        reason:
          'Requests for static files tell nothing; every call of the API is in the access log of the API. Standard logs need a bucket with ACLs.',
      },
      {
        id: 'AwsSolutions-CFR4',
        reason:
          'Without a domain of its own the distribution has the certificate of CloudFront, which takes no minimum version of TLS; browsers agree on TLS 1.2 or newer.',
      },
    );
  }
}
