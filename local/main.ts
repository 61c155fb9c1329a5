import { parseArgs } from 'node:util';
import { type Local, PRINCIPAL_HEADER, startLocal } from './index';

const HELP = `Runs the synthesised Signet stack on this machine; only 127.0.0.1 is bound.

Usage: npm start -- [options]

  --port N      first of six ports (default 8420): N API for people, N+1 API for machines (IAM), N+2 S3, N+3 DynamoDB,
                N+4 EventBridge, SQS, KMS, SageMaker …, N+5 the console. 0 takes any free ports.
  --data DIR    folder that keeps everything (default .signet). Remove it to start afresh.
  --verbose     show what the functions print; it is always written to local.log in the data folder
  --help        show this

A caller is local-admin unless the request says otherwise:
  ${PRINCIPAL_HEADER}: alice
  ${PRINCIPAL_HEADER}: alice; email=alice@example.com; groups=reviewers,owners
  ${PRINCIPAL_HEADER}: arn:aws:sts::123456789012:assumed-role/pipeline/build    (API for machines)

SIGNET_DYNAMODB_ENDPOINT names another DynamoDB endpoint to use.
`;

const HIGHEST_PORT = 65_530;
const RELAYED_WITHIN_MS = 500;

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8420' },
      data: { type: 'string', default: '.signet' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > HIGHEST_PORT) {
    throw new Error(`--port takes a number from 0 to ${HIGHEST_PORT}, not ${values.port}`);
  }
  return { ...values, port };
}

function greeting({ urls, credentials, dataFolder, mail, synthesised }: Local, milliseconds: number): string {
  const lines: [string, string | undefined][] = [
    ['Console', urls.console],
    ['API for people', urls.people],
    ['API for machines', urls.machines],
    ['S3', urls.s3],
    ['DynamoDB', urls.dynamodb],
    ['Other AWS services', urls.aws],
    ['Data folder', dataFolder],
    ['Mails', `${mail.folder} (one .eml file each)`],
  ];
  const table = lines.map(([name, value]) => `  ${name.padEnd(20)}${value ?? '(not in the stack)'}`).join('\n');
  return `Signet runs here (${synthesised ? 'synthesised and ' : ''}started in ${(milliseconds / 1_000).toFixed(1)} s)

${table}

Try:
  curl -s ${urls.people ?? urls.machines}/v1/whoami

For the AWS CLI and SDKs (choose S3's or DynamoDB's URL with --endpoint-url):
  export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}

Ctrl-C stops it.
`;
}

async function main(): Promise<void> {
  const { help, port, data, verbose } = readOptions();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  // Only development runs on a Node.js that the SDK advises against; what is deployed does not.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const began = performance.now();
  const local = await startLocal({ port, data, ...(verbose && { log: (text) => process.stderr.write(text) }) });
  process.stdout.write(greeting(local, performance.now() - began));
  let stopping: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Whoever asks twice does not want to wait; npm may pass the terminal's own signal on as a second one.
      if (stopping !== undefined && performance.now() - stopping > RELAYED_WITHIN_MS) process.exit(1);
      if (stopping !== undefined) return;
      stopping = performance.now();
      void local.close().then(() => process.exit(0));
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
