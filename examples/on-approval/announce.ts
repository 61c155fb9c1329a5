import type { EventBridgeEvent } from 'aws-lambda';

interface ApprovalChanged {
  readonly workspace: string;
  readonly model: string;
  readonly version: number;
  readonly actor: { readonly name: string };
  readonly artifactDigest: string;
}

/** Runs when a version is approved. Start a pipeline, a canary or a scan here; this one writes a line to its log. */
export async function handler({ id, detail }: EventBridgeEvent<string, ApprovalChanged>): Promise<void> {
  const { workspace, model, version, actor, artifactDigest } = detail;
  console.info(
    `${workspace}/${model} version ${version} approved by ${actor.name}, files ${artifactDigest} (event ${id})`,
  );
}
