import { startLocalS3 } from '../../../local/s3';
import { CREDENTIALS } from './endpoint';

/** Serves a folder from a process of its own, so that a test can kill it. Prints the URL. */
const [directory = ''] = process.argv.slice(2);
startLocalS3({ directory, buckets: [{ name: 'versioned', versioned: true }], credentials: [CREDENTIALS] }).then(
  ({ url }) => process.stdout.write(url),
  (error: unknown) => {
    process.stderr.write(String(error));
    process.exitCode = 1;
  },
);
