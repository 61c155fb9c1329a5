import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSyncExternalStore } from 'react';
import { bytes } from '../../ui/bytes';
import { ErrorAlert } from '../../ui/error-alert';
import type { Upload } from './upload';
import { forget } from './uploads';

const STEPS = {
  digesting: 'Computing the digest',
  sending: 'Sending',
  paused: 'Paused',
  done: 'Sent',
  failed: 'Stopped',
} as const;

/** One upload: how far it is, and what can be done with it. */
export function UploadRow({ upload }: { upload: Upload }) {
  const { state, percent, sent, error } = useSyncExternalStore(upload.listen, () => upload.progress);
  const { path, file } = upload.target;
  const goesOn = state === 'digesting' || state === 'sending';
  return (
    <Container>
      <SpaceBetween size="xs">
        <ProgressBar
          value={percent}
          label={<span className="signet-wrap">{path}</span>}
          description={`${STEPS[state]}: ${bytes(sent)} of ${bytes(file.size)}`}
          status={state === 'failed' ? 'error' : state === 'done' ? 'success' : 'in-progress'}
          resultText={state === 'done' ? 'Sent' : 'It broke off'}
        />
        {state === 'failed' && <ErrorAlert error={error} header="The upload broke off" />}
        <SpaceBetween direction="horizontal" size="xs">
          {goesOn && (
            <Button iconName="pause" ariaLabel={`Pause ${path}`} onClick={() => upload.pause()}>
              Pause
            </Button>
          )}
          {(state === 'paused' || state === 'failed') && (
            <Button iconName="play" ariaLabel={`Go on with ${path}`} onClick={() => void upload.start()}>
              Go on
            </Button>
          )}
          {!goesOn && (
            <Button variant="link" ariaLabel={`Hide ${path}`} onClick={() => forget(upload)}>
              Hide
            </Button>
          )}
        </SpaceBetween>
      </SpaceBetween>
    </Container>
  );
}
