/** The Terraform cannot be applied here. The message is for the person who wrote it: one sentence per fault. */
export class TerraformError extends Error {
  override name = 'TerraformError';
}
