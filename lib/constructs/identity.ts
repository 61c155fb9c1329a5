import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  FeaturePlan,
  Mfa,
  OAuthScope,
  StandardThreatProtectionMode,
  UserPool,
  type UserPoolClient,
  type UserPoolClientOptions,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { CONSOLE } from '../../contract/names';
import type { StageSettings } from '../settings';

/** Props of {@link Identity}. */
export interface IdentityProps {
  readonly settings: StageSettings['identity'];
  /** Groups that are there from the start. */
  readonly groups: readonly string[];
  /** Whether the people's accounts outlive the stack and the pool refuses deletion. */
  readonly retainData: boolean;
  /** Scheme and host of the console, which the sign-in page returns to. */
  readonly consoleOrigin: string;
}

/** What a page needs to know to let people sign in. */
export interface SignIn {
  /** Issuer of the tokens. */
  readonly authority: string;
  readonly clientId: string;
  /** Scheme and host of the sign-in page. */
  readonly domain: string;
}

/** The people of the registry: a user pool that administrators invite them into, and the console's client. */
export class Identity extends Construct {
  readonly pool: UserPool;
  readonly consoleClient: UserPoolClient;
  /** Absent in a stage without a sign-in page. */
  readonly signIn: SignIn | undefined;

  constructor(scope: Construct, id: string, props: IdentityProps) {
    super(scope, id);
    const { settings, retainData } = props;
    this.pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      autoVerify: { email: true },
      keepOriginal: { email: true },
      mfa: settings.mfa === 'required' ? Mfa.REQUIRED : Mfa.OPTIONAL,
      // No SMS: it costs, needs a role of its own, and is the weaker factor.
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      featurePlan: settings.threatProtection ? FeaturePlan.PLUS : FeaturePlan.ESSENTIALS,
      ...(settings.threatProtection
        ? { standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION }
        : {}),
      deletionProtection: retainData,
      removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const groupName of props.groups) {
      this.pool.addGroup(`Group-${groupName}`, { groupName, description: 'Administrators of the registry' });
    }
    this.consoleClient = this.pool.addClient('Console', {
      // A page cannot keep a secret; PKCE protects the code.
      generateSecret: false,
      authFlows: { userSrp: true },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
      ...(settings.signInDomain ? signInPage(props.consoleOrigin, settings.callbackUrls) : { disableOAuth: true }),
    });
    const domain =
      settings.signInDomain &&
      this.pool.addDomain('SignIn', { cognitoDomain: { domainPrefix: `${settings.signInDomain}-${Aws.ACCOUNT_ID}` } });
    if (domain) {
      const authority = `https://cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}/${this.pool.userPoolId}`;
      this.signIn = { authority, clientId: this.consoleClient.userPoolClientId, domain: domain.baseUrl() };
    }
    this.acknowledge(settings);
  }

  /** What a page calls to sign people in: the issuer and the sign-in page. */
  get signInPlaces(): string[] {
    if (!this.signIn) return [];
    return [`https://cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}`, this.signIn.domain];
  }

  private acknowledge(settings: StageSettings['identity']): void {
    if (settings.mfa !== 'required') {
      Validations.of(this.pool).acknowledge({
        id: 'AwsSolutions-COG2',
        reason: 'A second factor (TOTP) is offered and not demanded where the stage says so; production demands it.',
      });
    }
    if (!settings.threatProtection) {
      const reason =
        'Threat protection needs the Plus plan, which has no free tier; it is a setting of the stage. Nobody can sign up by themselves, and passwords have 12 characters of four kinds.';
      Validations.of(this.pool).acknowledge({ id: 'AwsSolutions-COG3', reason }, { id: 'AwsSolutions-COG8', reason });
    }
  }
}

function signInPage(console: string, callbackUrls: readonly string[]): UserPoolClientOptions {
  return {
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
      callbackUrls: [`${console}${CONSOLE.callback}`, ...callbackUrls],
      logoutUrls: [`${console}/`, ...callbackUrls],
    },
  };
}
