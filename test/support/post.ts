import type { Ports } from '../../core/ports';
import { postWorkspace } from '../../core/use-cases/post-batch';

/** Posts until there is nothing left to post in some workspaces. */
export async function postAll(ports: Ports, workspaces: readonly string[]): Promise<void> {
  for (const workspace of workspaces) {
    const failed = await postWorkspace(ports, workspace);
    for (const error of failed.values()) throw error;
  }
}
