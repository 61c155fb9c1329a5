import { createHash } from 'node:crypto';
import { type Client, createClient } from '../../client/api';

/** A registry as somebody calls it on this machine. */
export function clientAs(url: string, principal: string): Client {
  return createClient({ baseUrl: url, headers: () => ({ 'x-signet-principal': principal }) });
}

const ADMIN = 'local-admin; groups=signet-admins';
const TOM = 'tom; email=tom@example.com; groups=training';
const RITA = 'rita; email=rita@example.com; groups=reviewers';

const OTHERS = ['churn-classifier', 'demand-forecast', 'document-layout', 'fraud-score', 'image-moderation'];

/** Ids of what was made, of silero-vad: an open transition request, and a webhook whose receiver does not answer. */
export interface Seeded {
  readonly request: string;
  readonly webhook: string;
}

/** What a team's registry looks like after some weeks: models, versions in all stages, reviews and comments. */
export async function seed(url: string): Promise<Seeded> {
  const [admin, tom, rita] = [clientAs(url, ADMIN), clientAs(url, TOM), clientAs(url, RITA)];
  await admin.setGrant({ body: { subject: { kind: 'group', name: 'training' }, role: 'owner' } });
  await admin.setGrant({ body: { subject: { kind: 'group', name: 'reviewers' }, role: 'reviewer' } });
  await tom.createModel({
    body: {
      name: 'silero-vad',
      description: `# Voice activity detection

Tells **speech** from silence in 30 ms windows.

| sample rate | window |
|---|---|
| 8 kHz | 256 samples |
| 16 kHz | 512 samples |

- trained on 6,000 hours in 100 languages
- see the [paper](https://github.com/snakers4/silero-vad)`,
      tags: { team: 'speech', owner: 'tom', tier: 'gold' },
    },
  });
  const { id: webhook } = await admin.createWebhook({
    body: {
      name: 'release-notes',
      url: 'http://127.0.0.1:9/released',
      events: ['version.stage_changed'],
      model: 'silero-vad',
      description: 'Writes the notes of what goes to production.',
    },
  });
  for (let number = 1; number <= 8; number += 1) await version(tom, 'silero-vad', number);
  const on = (number: number) => ({ model: 'silero-vad', version: number });
  for (const number of [3, 5, 7]) {
    await tom.transitionVersion({
      params: on(number),
      body: { stage: 'Staging', reason: 'candidate for the release' },
    });
  }
  for (const number of [3, 5]) {
    await rita.setApproval({ params: on(number), body: { status: 'Approved', reason: 'better on the noisy set' } });
    await tom.transitionVersion({ params: on(number), body: { stage: 'Production' } });
  }
  await rita.setApproval({ params: on(4), body: { status: 'Rejected', reason: 'latency doubled' } });
  await tom.setAlias({ params: { model: 'silero-vad', alias: 'champion' }, body: { version: 5 } });
  await tom.setAlias({ params: { model: 'silero-vad', alias: 'challenger' }, body: { version: 7 } });
  await tom.addComment({ params: on(5), body: { text: 'Recall on *far-field* audio is up by 3 %.' } });
  await rita.addComment({ params: on(5), body: { text: 'Agreed. Please keep `v4` reachable until Friday.' } });
  await tom.registerVersion({ params: { model: 'silero-vad' }, body: { semanticVersion: '6.0.0-rc.1' } });
  await assessments(tom, rita);
  await deployments(admin, tom);
  for (const [index, name] of OTHERS.entries()) {
    await tom.createModel({
      body: { name, tags: { team: index % 2 ? 'growth' : 'risk' }, description: `Scores for ${name}.` },
    });
    for (let number = 1; number <= index; number += 1) await version(tom, name, number);
    if (index > 1) await tom.transitionVersion({ params: { model: name, version: index }, body: { stage: 'Staging' } });
  }
  const request = await reviews(admin, tom, rita);
  await tom.archiveModel({ params: { model: 'demand-forecast' }, body: { reason: 'replaced by churn-classifier' } });
  await rita.createSubscription({ body: { address: 'rita@example.com', events: ['version.stage_changed'] } });
  await rita.createSubscription({ body: { address: 'ml-team@example.com', events: ['*'], mode: 'daily' } });
  return { request, webhook };
}

/** A model card with a history, and test runs. */
async function assessments(tom: Client, rita: Client): Promise<void> {
  const params = { model: 'silero-vad', version: 5 };
  const said = {
    modelOverview: {
      modelDescription: 'Tells **speech** from silence in windows of 32 ms, on the device itself.',
      problemType: 'Binary classification',
      algorithmType: 'Recurrent network',
      modelCreator: 'tom',
      modelOwner: 'Speech team',
    },
    intendedUses: {
      purposeOfModel: 'To send nothing to the server that is not speech.',
      intendedUses: '- calls and dictation\n- **not** for telling who speaks\n- **not** for emergencies',
      factorsAffectingModelEfficiency: 'Music with voices; wind; microphones below 8 kHz.',
      explanationsForRiskRating: 'A window that is missed is heard again; no decision about a person is made.',
    },
    businessDetails: { businessProblem: 'Traffic of silent calls.', lineOfBusiness: 'Telephony' },
    trainingDetails: { objectiveFunction: 'Binary cross entropy', trainingObservations: 'Plateau after epoch 40.' },
  };
  await tom.putModelCard({ params, body: { ...said, reason: 'first draft' } });
  const additionalInformation = {
    ethicalConsiderations: 'Measured for **every** language of the hold-out set; see the evaluation.',
    caveatsAndRecommendations: 'Keep a threshold of `0.5` and smooth over three windows.',
    customDetails: { reviewed_by: 'rita', next_review: '2027-03-01' },
  };
  const complete = { ...said, additionalInformation, riskRating: 'Low', status: 'PendingReview' } as const;
  await tom.putModelCard({ params, body: { ...complete, reason: 'rated after the workshop' } });
  await rita.setModelCardStatus({ params, body: { status: 'Approved', reason: 'complete' } });
  const dataset = { name: 'hold-out 2026-03', uri: 's3://datasets/hold-out/2026-03', role: 'test' } as const;
  const run = { id: '8123', system: 'github', url: 'https://github.com/acme/vad/actions/runs/8123' };
  await tom.recordEvaluation({
    params,
    body: { name: 'far-field', outcome: 'failed', dataset, run, metrics: { auc: 0.861, recall: 0.79 } },
  });
  await tom.recordEvaluation({
    params,
    body: {
      name: 'nightly',
      outcome: 'passed',
      dataset,
      run,
      metrics: { auc: 0.913, recall: 0.9, 'recall/de': 0.91, 'recall/fi': 0.88, 'latency ms': 1.2 },
      report: { path: 'model.onnx' },
      description: 'Better than version 3 on the *noisy* part.',
    },
  });
}

/** A policy, and what people asked for under it. */
async function reviews(admin: Client, tom: Client, rita: Client): Promise<string> {
  await admin.setWorkspacePolicy({
    body: { guards: [{ target: { alias: 'champion' }, approvals: { count: 1, roles: ['reviewer'] } }] },
  });
  await tom.setModelPolicy({
    params: { model: 'silero-vad' },
    body: {
      guards: [
        {
          target: { stage: 'Production' },
          approvals: { count: 2, roles: ['reviewer'], groups: ['risk'] },
          checklist: [
            { id: 'bias', text: 'Was it measured on the hold-out set of every language?', evidence: 'required' },
            { id: 'latency', text: 'Does it answer in time on the oldest phone?', groups: ['reviewers'] },
            { id: 'notes', text: 'Are the release notes written?', required: false },
          ],
          conditions: [
            { metric: 'recall', op: '>=', value: 0.9 },
            { metric: 'auc', op: '>=', than: { stage: 'Production' }, tolerance: 0.005 },
          ],
          required: { tags: ['dataset'], fields: ['signature', 'datasets'], documentation: true },
          checks: [{ name: 'malware-scan' }],
        },
      ],
    },
  });
  const ask = (model: string, number: number, stage: string, reason: string) =>
    tom.openRequest({ params: { model }, body: { version: number, target: { stage }, reason } });
  const { id: request } = await ask('silero-vad', 7, 'Production', 'fewer false alarms in cars');
  const params = { model: 'silero-vad', request };
  await rita.answerChecklist({
    params,
    body: { item: 'bias', checked: true, evidence: 'https://reports.example.com/vad/7/languages' },
  });
  await rita.voteOnRequest({ params, body: { vote: 'approve', reason: 'I listened to the failures' } });
  await rita.commentOnRequest({ params, body: { text: 'Who has the *oldest phone* now?' } });
  const other = await ask('image-moderation', 4, 'Production', 'the old one misses screenshots');
  await tom.closeRequest({ params: { model: 'image-moderation', request: other.id }, body: { reason: 'too early' } });
  await ask('image-moderation', 4, 'Production', 'with the labels that were asked for');
  return request;
}

/** Targets of both kinds of outcome: one where a version serves, one that keeps a version out. */
async function deployments(admin: Client, tom: Client): Promise<void> {
  const target = (stage: string) => ({ model: 'silero-vad', stage });
  const external = { system: 'kubernetes', url: 'https://argo.example.com/applications/silero-vad' };
  await tom.putTarget({ params: target('Production'), body: { external } });
  await tom.putTarget({ params: target('Staging'), body: { external: { system: 'kubernetes' } } });
  const deployment = await requestedDeployment(admin, 'silero-vad', 5);
  for (const state of ['creating', 'in_service'] as const) {
    await admin.reportDeployment({ params: { model: 'silero-vad', deployment }, body: { state } });
  }
  await tom.recordDeployment({
    params: { model: 'silero-vad' },
    body: { version: 3, system: 'edge', reason: 'field trial on 40 devices' },
  });
}

/** Id of the deployment of a version that waits for somebody to carry it out: it is requested a moment after the change. */
export async function requestedDeployment(client: Client, model: string, version: number): Promise<string> {
  for (let tries = 0; tries < 150; tries += 1) {
    const { items } = await client.listDeployments({ params: { model } });
    const found = items.find((each) => each.version === version && each.state === 'requested');
    if (found) return found.id;
    await new Promise((later) => setTimeout(later, 200));
  }
  throw new Error(`No deployment of version ${version} of ${model} was requested.`);
}

async function version(client: Client, model: string, number: number): Promise<void> {
  const digest = createHash('sha256').update(`${model} ${number}`).digest('hex');
  await client.registerVersion({
    params: { model },
    body: {
      semanticVersion: `${number}.0.0`,
      description: `Run ${80 + number}: learning rate **${(0.001 * number).toFixed(3)}**.`,
      run: {
        id: `run-${80 + number}`,
        system: 'mlflow',
        experiment: 'vad',
        url: `https://mlflow.example.com/runs/${80 + number}`,
      },
      tags: { dataset: number > 4 ? 'calls-2026' : 'calls-2025' },
      metrics: {
        auc: 0.9 + Math.sin(number) / 50 + number / 200,
        recall: 0.85 + number / 90,
        'latency ms': 1.4 - number / 20,
      },
      hyperParameters: {
        'learning rate': 0.001 * number,
        window: 512,
        layers: number > 4 ? 6 : 4,
        augment: number > 2,
      },
      dependencies: {
        python: number > 3 ? '3.12' : '3.11',
        libraries: { onnxruntime: `1.${20 + number}.0`, numpy: '2.1.0' },
      },
      containers: [{ image: `example.com/vad-server:${number}`, digest: `sha256:${digest}`, modelData: 'model.onnx' }],
      code: { repository: 'https://github.com/snakers4/silero-vad', commit: digest.slice(0, 40), path: 'train.py' },
      datasets: [{ name: 'calls', uri: 's3://datasets/calls/2026-03', digest: digest.slice(0, 16), role: 'training' }],
      signature: {
        inputs: [
          { name: 'input', type: 'float32', shape: [-1, 512] },
          { name: 'sr', type: number > 4 ? 'int64' : 'int32' },
        ],
        outputs: [{ name: 'output', type: 'float32' }],
      },
      ...(number > 1 && { parent: { model, version: number - 1 } }),
      references: [
        {
          path: 'model.onnx',
          uri: `s3://training-output/${model}/${number}/model.onnx`,
          size: 2_313_101,
          sha256: digest,
        },
      ],
      final: true,
    },
  });
}
