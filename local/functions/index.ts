import type { Stack } from '../template';
import { functionSpec } from './from-template';
import { type Credentials, LocalFunction, type Outcome, sdkEnvironment } from './function';

export { type Credentials, LocalFunction, type Outcome, sdkEnvironment };

/** Runs functions by ARN; a qualifier (version or alias) is ignored, since only one version of the code is here. */
export interface Invoker {
  invoke(functionArn: string, event: unknown): Promise<Outcome>;
  /** Whether the stack has such a function with code that runs here. */
  has(functionArn: string): boolean;
}

/** All functions of a stack. */
export class Functions implements Invoker {
  private readonly byArn = new Map<string, LocalFunction>();
  private readonly arnsByLogicalId = new Map<string, string>();

  /**
   * @param log receives what functions print, with the function's name.
   * @param skipped is told of functions that cannot run here, such as those that the CDK adds with inline code.
   */
  constructor(
    stack: Stack,
    sdk: Readonly<Record<string, string>>,
    log: (functionName: string, text: string) => void,
    skipped: (reason: string) => void,
  ) {
    for (const logicalId of stack.logicalIds('AWS::Lambda::Function')) {
      const { properties } = stack.resource(logicalId, ['Runtime']);
      const runtime = String(properties['Runtime']);
      if (!runtime.startsWith('nodejs')) {
        skipped(`${logicalId}: its runtime is ${runtime}`);
        continue;
      }
      const spec = functionSpec(stack, logicalId, sdk);
      this.byArn.set(spec.arn, new LocalFunction(spec, (text) => log(spec.name, text)));
      this.arnsByLogicalId.set(logicalId, spec.arn);
    }
  }

  has(functionArn: string): boolean {
    return this.byArn.has(unqualified(functionArn));
  }

  invoke(functionArn: string, event: unknown): Promise<Outcome> {
    const target = this.byArn.get(unqualified(functionArn));
    if (!target) return Promise.reject(new Error(`There is no local function ${functionArn}`));
    return target.invoke(event);
  }

  /** ARN of the function whose logical id or name is, or starts with, `name`. @throws Error when none or several are. */
  find(name: string): string {
    const all = [...this.arnsByLogicalId];
    const exact = all.filter(([id, arn]) => id === name || arn.endsWith(`:function:${name}`));
    const candidates = exact.length > 0 ? exact : all.filter(([id]) => id.startsWith(name));
    const [, arn] = candidates[0] ?? [];
    if (candidates.length !== 1 || arn === undefined) {
      throw new Error(`Expected one function named ${name}; there are: ${all.map(([id]) => id).join(', ')}`);
    }
    return arn;
  }

  async close(): Promise<void> {
    await Promise.all([...this.byArn.values()].map((each) => each.close()));
  }
}

/** `arn:aws:lambda:region:account:function:name:qualifier` without its qualifier. */
function unqualified(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}
