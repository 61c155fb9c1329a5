import { RIGHTS, type Right } from '../../core/domain/access';

/** What rights are asked about: reading is about a model as a whole, for who reads a model reads all of its versions. */
function resourcesOf(right: Right): string {
  return right === 'read' ? '[Workspace, Model]' : '[Workspace, Model, Version]';
}

/** The Cedar schema that policies of workspaces are held against. */
export const SCHEMA = `
entity Group;
entity Role;
entity Caller in [Group, Role] { kind: String, name: String, email?: String };
entity Workspace;
entity Model in [Workspace] { name: String, state: String } tags String;
entity Version in [Model] {
  number: Long, status: String, stage: String, approval: String, aliases: Set<String>, model: String
} tags String;
${RIGHTS.map(
  (right) => `action "${right}" appliesTo {
  principal: [Caller], resource: ${resourcesOf(right)},
  context: { operation?: String, alias?: String, stage?: String }
};`,
).join('\n')}
`;
