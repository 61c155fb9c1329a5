import Box from '@cloudscape-design/components/box';
import { useRead } from '../app/calls';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { Digest } from '../ui/copyable';
import { DetailsModal } from '../ui/details-modal';
import { Facts } from '../ui/facts';
import { Markdown } from '../ui/markdown';
import { OuterLink } from '../ui/outer-link';
import { TextLink } from '../ui/text-link';
import { absolute } from '../ui/time';
import { ValuesTable } from '../ui/values-table';
import type { Version } from '../version/types';
import { Outcome } from './outcome';

interface Props {
  readonly version: Version;
  readonly id: string;
  readonly onClose: () => void;
}

/** One evaluation with everything it holds. */
export default function EvaluationDetails({ version: { model, version }, id, onClose }: Props) {
  const workspace = useWorkspace();
  const { data, error } = useRead('getEvaluation', { params: { model, version, evaluation: id } });
  const { dataset, run, report } = data ?? {};
  return (
    <DetailsModal title={data?.name ?? 'Evaluation'} onClose={onClose} error={error} isLoading={!data}>
      {data && (
        <>
          <Facts
            columns={3}
            facts={[
              ['Outcome', <Outcome key="outcome" outcome={data.outcome} />],
              ['Recorded', `${absolute(data.createdAt)} by ${data.createdBy.name}`],
              ['Digest of the files', <Digest key="digest" value={data.artifactDigest} />],
              [
                'Dataset',
                dataset &&
                  (dataset.uri ? (
                    <OuterLink key="dataset" href={dataset.uri}>
                      {dataset.name}
                    </OuterLink>
                  ) : (
                    dataset.name
                  )),
              ],
              ['Digest of the dataset', dataset?.digest],
              ['Role of the dataset', dataset?.role],
              [
                'Run',
                run &&
                  (run.url ? (
                    <OuterLink key="run" href={run.url}>
                      {run.id ?? run.url}
                    </OuterLink>
                  ) : (
                    run.id
                  )),
              ],
              ['System', run?.system],
              [
                'Report',
                report &&
                  ('uri' in report ? (
                    <OuterLink key="report" href={report.uri} />
                  ) : (
                    <TextLink key="report" href={`${places.version(workspace, model, version)}?tab=files`}>
                      {report.path}
                    </TextLink>
                  )),
              ],
              ['Id', data.id],
            ]}
          />
          {data.description && (
            <div>
              <Box variant="awsui-key-label">Description</Box>
              <Markdown text={data.description} />
            </div>
          )}
          <ValuesTable title="Metrics" values={data.metrics} />
        </>
      )}
    </DetailsModal>
  );
}
