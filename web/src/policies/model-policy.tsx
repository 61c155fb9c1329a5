import { PolicySection } from './policy-section';

/** What guards the stages and aliases of a model. */
export default function ModelPolicy({ model, blocked }: { model: string; blocked: string | undefined }) {
  return <PolicySection model={model} blocked={blocked} />;
}
