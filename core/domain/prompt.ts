/** The tag by which MLflow tells prompts from models: they live in the same registry. */
export const IS_PROMPT = 'mlflow.prompt.is_prompt';
