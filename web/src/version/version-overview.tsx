import Badge from '@cloudscape-design/components/badge';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCommand } from '../app/calls';
import { CardStatus, RiskBadge } from '../cards/badges';
import { bytes } from '../ui/bytes';
import { Copyable, Digest } from '../ui/copyable';
import { Description } from '../ui/description';
import { Facts } from '../ui/facts';
import { StageBadge } from '../ui/stage-badge';
import { ApprovalStatus, VersionStatus } from '../ui/status';
import { TagsSection } from '../ui/tags-section';
import { Time } from '../ui/time';
import { packageFactsOf } from './package-facts';
import type { Version } from './types';

/** Where a version stands and what people say of it. */
export function VersionOverview({ version, blocked }: { version: Version; blocked: string | undefined }) {
  const params = { model: version.model, version: version.version };
  const describe = useCommand('updateVersion', { done: () => 'The description was saved.' });
  const tag = useCommand('updateVersion', { done: () => 'The tags were saved.' });
  const { approval, artifacts, modelPackage } = version;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">State</Header>}>
        <Facts
          facts={[
            ['Files', <VersionStatus key="status" status={version.status} />],
            [
              'Stage',
              <>
                <StageBadge key="stage" stage={version.stage} />{' '}
                {version.stageSince && <Time at={version.stageSince} />}
              </>,
            ],
            ['Approval', <ApprovalStatus key="approval" status={approval.status} />],
            [
              'Reviewed',
              approval.by && (
                <>
                  {approval.by.name}, <Time key="at" at={approval.at} />
                </>
              ),
            ],
            ['Reason of the review', approval.reason],
            [
              'Model card',
              version.card && (
                <SpaceBetween key="card" size="xxs">
                  <RiskBadge rating={version.card.riskRating} />
                  <CardStatus status={version.card.status} />
                </SpaceBetween>
              ),
            ],
            [
              'Aliases',
              version.aliases.length > 0 && (
                <SpaceBetween key="aliases" direction="horizontal" size="xxs">
                  {version.aliases.map((alias) => (
                    <Badge key={alias}>@{alias}</Badge>
                  ))}
                </SpaceBetween>
              ),
            ],
            [
              'Content',
              artifacts && `${artifacts.files} ${artifacts.files === 1 ? 'file' : 'files'}, ${bytes(artifacts.bytes)}`,
            ],
            ['Digest of the files', artifacts && <Digest key="digest" value={artifacts.digest} />],
            [
              'Registered',
              <>
                <Time key="at" at={version.createdAt} /> by {version.createdBy.name}
              </>,
            ],
            [
              'Changed',
              <>
                <Time key="at" at={version.updatedAt} /> by {version.updatedBy.name}
              </>,
            ],
          ]}
        />
      </Container>
      {modelPackage && (
        <Container header={<Header variant="h2">Model package in SageMaker</Header>}>
          <Facts
            facts={[
              [
                'ARN',
                modelPackage.arn && <Copyable key="arn" text={modelPackage.arn} name="the ARN of the model package" />,
              ],
              ...packageFactsOf(version),
            ]}
          />
        </Container>
      )}
      <Description
        text={version.description}
        operation="updateVersion"
        blocked={blocked}
        save={(text, done) => describe.mutate([{ params, body: { description: text || null } }], { onSuccess: done })}
        isSaving={describe.isPending}
        error={describe.error}
      />
      <TagsSection
        tags={version.tags}
        operation="updateVersion"
        blocked={blocked}
        save={(tags, done) => tag.mutate([{ params, body: { tags } }], { onSuccess: done })}
        isSaving={tag.isPending}
        error={tag.error}
      />
    </SpaceBetween>
  );
}
