import { isObject, type JsonObject } from '../template';

/** How a rule's target shapes what it receives; names are CloudFormation's, at most one is given. */
export interface TargetInput {
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
}

export interface RuleContext {
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly ingestedAt: Date;
}

/**
 * What a target receives for an event ("Amazon EventBridge input transformation").
 *
 * @throws Error when the transformed text is not JSON.
 */
export function targetInput(target: TargetInput, event: JsonObject, context: RuleContext): unknown {
  if (target.Input !== undefined) return JSON.parse(target.Input);
  if (target.InputPath !== undefined) return valueAt(event, target.InputPath) ?? null;
  if (target.InputTransformer === undefined) return event;
  const { InputPathsMap = {}, InputTemplate } = target.InputTransformer;
  const variables: Record<string, unknown> = {
    'aws.events.rule-arn': context.ruleArn,
    'aws.events.rule-name': context.ruleName,
    'aws.events.event.ingestion-time': context.ingestedAt.toISOString(),
    'aws.events.event.json': event,
    'aws.events.event': Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'detail')),
  };
  for (const [name, path] of Object.entries(InputPathsMap)) variables[name] = valueAt(event, path);
  return JSON.parse(fill(InputTemplate, variables));
}

/** Replaces `<name>`: inside a JSON string by the value's text, elsewhere by the value as JSON. */
function fill(template: string, variables: Readonly<Record<string, unknown>>): string {
  let inString = false;
  return template.replace(/\\.|"|<([A-Za-z0-9_.-]+)>/g, (token, name: string | undefined) => {
    if (token === '"') inString = !inString;
    if (name === undefined || !Object.hasOwn(variables, name)) return token;
    const value = variables[name] ?? '';
    if (!inString) return JSON.stringify(value);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return JSON.stringify(text).slice(1, -1);
  });
}

/** The part of JSONPath that EventBridge knows: `$`, `.name`, `['name']`, `[0]`. */
function valueAt(event: unknown, path: string): unknown {
  let value = event;
  for (const [, dotted, quoted, index] of path.slice(1).matchAll(/\.([^.[\]]+)|\['([^']+)'\]|\[(\d+)\]/g)) {
    const name = dotted ?? quoted;
    if (name !== undefined) value = isObject(value) ? value[name] : undefined;
    else value = Array.isArray(value) ? value[Number(index)] : undefined;
  }
  return value;
}
