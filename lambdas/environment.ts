import { ENV } from '../contract/names';

/**
 * A variable that the stack must have set.
 * @throws Error naming the variable, at cold start rather than in the middle of a request
 */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is not set`);
  return value;
}

/** Whether webhooks may be on this machine, as the local run says. */
export function reachesLoopback(): boolean {
  return process.env[ENV.webhookLoopback] === 'true';
}
