import type { Assembly } from './assembly';
import { ACCOUNT, defaultName, type Identity, identify, nameProperty, REGION } from './physical';
import { isObject, type Json, type JsonObject } from './template';

/** A resource with its properties resolved to plain values. */
export interface Resolved {
  readonly logicalId: string;
  readonly type: string;
  readonly identity: Identity;
  readonly properties: JsonObject;
}

export interface StackOptions {
  /** Base URL of the endpoint for queues, events and secrets. */
  readonly awsEndpoint: string;
  /** Attributes known only while running, by logical id and name, for example an API's `ApiEndpoint`. */
  readonly attributes?: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

const NOTHING = Symbol('AWS::NoValue');
type Partial = Json | typeof NOTHING;

/**
 * A synthesised stack with its intrinsic functions resolved to local values, as if it were deployed to account
 * 000000000000 in us-east-1 with the parameters' defaults. Values are resolved when they are asked for, so what cannot
 * run locally matters only to a resource that needs it.
 *
 * Follows "Intrinsic function reference" and "Pseudo parameters reference" of the CloudFormation user guide.
 */
export class Stack {
  readonly name: string;
  private readonly identities = new Map<string, Identity>();

  constructor(
    readonly assembly: Assembly,
    private readonly options: StackOptions,
  ) {
    this.name = assembly.stackName;
  }

  /**
   * All resources of the given types whose condition holds, resolved, in the template's order.
   *
   * @throws Error naming the resource and the path of what cannot be resolved.
   */
  resources(...types: readonly string[]): Resolved[] {
    return this.logicalIds(...types).map((id) => this.resource(id));
  }

  /** Logical ids of the resources of the given types whose condition holds. */
  logicalIds(...types: readonly string[]): string[] {
    return Object.entries(this.assembly.template.Resources)
      .filter(([id, { Type }]) => types.includes(Type) && this.exists(id))
      .map(([id]) => id);
  }

  /** One resource, resolved. `only` limits the work, and what can fail, to these properties. */
  resource(logicalId: string, only?: readonly string[]): Resolved {
    const { Type, Properties = {} } = this.declaration(logicalId, logicalId);
    const wanted = only ? Object.fromEntries(only.map((name) => [name, Properties[name]])) : Properties;
    const properties = this.resolve(wanted, logicalId);
    return {
      logicalId,
      type: Type,
      identity: this.identity(logicalId),
      properties: isObject(properties) ? properties : {},
    };
  }

  /** The stack's outputs that resolve; outputs of what cannot run locally are left out. */
  outputs(): Record<string, string> {
    const outputs: Record<string, string> = {};
    for (const [name, { Value, Condition }] of Object.entries(this.assembly.template.Outputs ?? {})) {
      if (Condition !== undefined && !this.condition(Condition)) continue;
      try {
        outputs[name] = String(this.resolve(Value, `Outputs.${name}`));
      } catch {
        // An output informs people; one that has no local meaning is not a reason to refuse to start.
      }
    }
    return outputs;
  }

  /** Resolves any value of the template; `path` says where it stands, for errors. */
  resolve(value: Json | undefined, path: string): Json {
    const resolved = this.evaluate(value ?? null, path);
    return resolved === NOTHING ? null : resolved;
  }

  private identity(logicalId: string): Identity {
    const known = this.identities.get(logicalId);
    if (known) return known;
    const { Type, Properties = {} } = this.declaration(logicalId, logicalId);
    const property = nameProperty(Type);
    const given = property === undefined ? undefined : Properties[property];
    const name =
      property === undefined || given === undefined
        ? defaultName(Type, this.name, logicalId)
        : String(this.resolve(given, `${logicalId}.${property}`));
    const identity = identify(Type, name, {
      awsEndpoint: this.options.awsEndpoint,
      logicalId,
      property: (other) => String(this.resolve(Properties[other], `${logicalId}.${other}`)),
    });
    this.identities.set(logicalId, identity);
    return identity;
  }

  private declaration(logicalId: string, path: string) {
    const resource = this.assembly.template.Resources[logicalId];
    if (!resource) throw new Error(`${path}: the template has no resource ${logicalId}`);
    return resource;
  }

  private exists(logicalId: string): boolean {
    const { Condition } = this.declaration(logicalId, logicalId);
    return Condition === undefined || this.condition(Condition);
  }

  private evaluate(value: Json, path: string): Partial {
    if (Array.isArray(value)) {
      return value.map((item, i) => this.evaluate(item, `${path}[${i}]`)).filter((item) => item !== NOTHING);
    }
    if (!isObject(value)) return value;
    const [[key, argument] = [], ...more] = Object.entries(value);
    if (key !== undefined && more.length === 0 && argument !== undefined) {
      if (key === 'Ref') return this.ref(String(argument), path);
      if (key.startsWith('Fn::')) return this.call(key, argument, path);
    }
    const result: JsonObject = {};
    for (const [name, item] of Object.entries(value)) {
      if (item === undefined) continue;
      const resolved = this.evaluate(item, `${path}.${name}`);
      if (resolved !== NOTHING) result[name] = resolved;
    }
    return result;
  }

  private ref(name: string, path: string): Partial {
    if (name === 'AWS::NoValue') return NOTHING;
    const pseudo = this.pseudo(name);
    if (pseudo !== undefined) return pseudo;
    const parameter = this.assembly.template.Parameters?.[name];
    if (parameter) {
      if (parameter.Default === undefined) throw new Error(`${path}: the parameter ${name} has no default`);
      return parameter.Default;
    }
    this.declaration(name, path);
    return this.identity(name).ref;
  }

  private pseudo(name: string): string | undefined {
    switch (name) {
      case 'AWS::AccountId':
        return ACCOUNT;
      case 'AWS::Region':
        return REGION;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return this.name;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${this.name}/local`;
      default:
        return undefined;
    }
  }

  private attribute(logicalId: string, name: string, path: string): string {
    const { Type } = this.declaration(logicalId, path);
    const value = this.options.attributes?.get(logicalId)?.[name] ?? this.identity(logicalId).attributes[name];
    if (value === undefined) {
      throw new Error(`${path}: ${Type} ${logicalId} has no attribute ${name} in the local run`);
    }
    return value;
  }

  private call(name: string, argument: Json, path: string): Partial {
    const list = (): Json[] => {
      const resolved = this.resolve(argument, path);
      if (!Array.isArray(resolved)) throw new Error(`${path}: ${name} takes a list`);
      return resolved;
    };
    switch (name) {
      case 'Fn::GetAtt': {
        const [id, ...attribute] = typeof argument === 'string' ? argument.split('.') : list().map(String);
        return this.attribute(id ?? '', attribute.join('.'), path);
      }
      case 'Fn::Join': {
        const [separator, items] = list();
        if (!Array.isArray(items)) throw new Error(`${path}: Fn::Join takes a separator and a list`);
        return withoutTls(items.map(String).join(String(separator)));
      }
      case 'Fn::Split': {
        const [separator, text] = list();
        return String(text).split(String(separator));
      }
      case 'Fn::Select': {
        const [index, items] = list();
        const item = Array.isArray(items) ? items[Number(index)] : undefined;
        if (item === undefined) throw new Error(`${path}: Fn::Select has no element ${String(index)}`);
        return item;
      }
      case 'Fn::Sub':
        return this.substitute(argument, path);
      case 'Fn::Base64':
        return Buffer.from(String(this.resolve(argument, path))).toString('base64');
      case 'Fn::FindInMap': {
        const [map, first, second] = list().map(String);
        const found = this.assembly.template.Mappings?.[map ?? '']?.[first ?? '']?.[second ?? ''];
        if (found === undefined) throw new Error(`${path}: no mapping ${map}.${first}.${second}`);
        return found;
      }
      case 'Fn::If': {
        if (!Array.isArray(argument)) throw new Error(`${path}: Fn::If takes a list`);
        const [condition, yes = null, no = null] = argument;
        return this.evaluate(this.condition(String(condition)) ? yes : no, path);
      }
      default:
        throw new Error(`${path}: ${name} cannot be resolved in the local run`);
    }
  }

  private substitute(argument: Json, path: string): string {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    return String(text).replace(/\$\{([^}]*)\}/g, (_all, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      const own = isObject(variables) ? variables[name] : undefined;
      if (own !== undefined) return String(this.resolve(own, path));
      const [id = '', ...attribute] = name.split('.');
      return attribute.length > 0 ? this.attribute(id, attribute.join('.'), path) : String(this.ref(name, path));
    });
  }

  private condition(name: string): boolean {
    const declared = this.assembly.template.Conditions?.[name];
    if (declared === undefined) throw new Error(`The template has no condition ${name}`);
    return this.holds(declared, `Conditions.${name}`);
  }

  private holds(value: Json, path: string): boolean {
    if (!isObject(value)) return value === true || value === 'true';
    const [[name, argument] = []] = Object.entries(value);
    const parts = Array.isArray(argument) ? argument : [];
    switch (name) {
      case 'Condition':
        return this.condition(String(argument));
      case 'Fn::And':
        return parts.every((part) => this.holds(part, path));
      case 'Fn::Or':
        return parts.some((part) => this.holds(part, path));
      case 'Fn::Not':
        return !this.holds(parts[0] ?? null, path);
      case 'Fn::Equals': {
        const [a, b] = parts.map((part) => JSON.stringify(this.resolve(part, path)));
        return a === b;
      }
      default:
        throw new Error(`${path}: unknown condition function ${name ?? ''}`);
    }
  }
}

/** Addresses of this run's own servers, which speak no TLS. */
function withoutTls(text: string): string {
  return text.replace(/^https:(?=\/\/127\.0\.0\.1:\d)/, 'http:');
}
