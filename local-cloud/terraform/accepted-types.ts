import type { Attributes, Resource } from '../core/service.ts';

interface AcceptedType {
  /** Why nothing needs to happen here. */
  reason: string;
  /** What others may refer to, besides the arguments and `id`. */
  attributes?(resource: Resource, context: { accountId: string; region: string }): Attributes;
}

const nameOf = ({ address, desired }: Resource): string =>
  String(desired['name'] ?? desired['id'] ?? address.replace(/^.*\./, ''));

/** A stable UUID-shaped id, from the address alone. */
function idOf({ address }: Resource): string {
  const hex = [...address].reduce(
    (hash, character) => (hash * 33n + BigInt(character.codePointAt(0) ?? 0)) & MASK,
    5381n,
  );
  const digits = hex.toString(16).padStart(32, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
const MASK = (1n << 128n) - 1n;

const bucketSetting = (reason: string): AcceptedType => ({
  reason,
  attributes: ({ desired }) => ({ id: desired['bucket'] }),
});

/**
 * Accepted, no local effect: types that deploy on AWS and need nothing on one machine. Whatever stands neither here
 * nor in a service fails the start by name. A service that makes a type real takes precedence over this table.
 */
export const acceptedTypes: Record<string, AcceptedType> = {
  aws_api_gateway_account: {
    reason: 'Gives API Gateway its logging role; logs are written here without one.',
  },
  aws_backup_plan: { reason: 'There is no backup service; copy the data folder.' },
  aws_backup_selection: { reason: 'There is no backup service; copy the data folder.' },
  aws_backup_vault: {
    reason: 'There is no backup service; copy the data folder.',
    attributes: (resource, { accountId, region }) => ({
      id: nameOf(resource),
      arn: `arn:aws:backup:${region}:${accountId}:backup-vault:${nameOf(resource)}`,
    }),
  },
  aws_cloudfront_cache_policy: {
    reason: 'The distribution forwards everything and caches nothing here.',
    attributes: (resource) => ({ id: idOf(resource), etag: 'local' }),
  },
  aws_cloudfront_origin_request_policy: {
    reason: 'The distribution forwards every header, cookie and query parameter here.',
    attributes: (resource) => ({ id: idOf(resource), etag: 'local' }),
  },
  aws_cloudwatch_dashboard: {
    reason: 'Dashboards are drawn by the AWS console only.',
    attributes: ({ desired }, { accountId }) => ({
      id: desired['dashboard_name'],
      dashboard_arn: `arn:aws:cloudwatch::${accountId}:dashboard/${desired['dashboard_name']}`,
    }),
  },
  aws_dynamodb_contributor_insights: { reason: 'DynamoDB Local has no contributor insights.' },
  aws_iam_service_linked_role: {
    reason: 'AWS services need no roles here.',
    attributes: (resource, { accountId }) => ({
      arn: `arn:aws:iam::${accountId}:role/aws-service-role/${nameOf(resource)}`,
    }),
  },
  aws_kms_alias: {
    reason: 'Data at rest is not encrypted here.',
    attributes: (resource, { accountId, region }) => ({
      id: nameOf(resource),
      arn: `arn:aws:kms:${region}:${accountId}:${nameOf(resource)}`,
    }),
  },
  aws_kms_key: {
    reason: 'Data at rest is not encrypted here.',
    attributes: (resource, { accountId, region }) => ({
      id: idOf(resource),
      key_id: idOf(resource),
      arn: `arn:aws:kms:${region}:${accountId}:key/${idOf(resource)}`,
    }),
  },
  aws_s3_bucket_cors_configuration: bucketSetting(
    'The endpoint answers pages of this machine, and no others.',
  ),
  aws_s3_bucket_lifecycle_configuration: bucketSetting('Objects stay until they are deleted.'),
  aws_s3_bucket_logging: bucketSetting('Access is not logged to buckets.'),
  aws_s3_bucket_object_lock_configuration: bucketSetting(
    'Objects can be deleted: whoever owns the machine owns its files.',
  ),
  aws_s3_bucket_ownership_controls: bucketSetting('There is one account, which owns every object.'),
  aws_s3_bucket_public_access_block: bucketSetting('Nothing here is public: the endpoint is on loopback.'),
  aws_s3_bucket_server_side_encryption_configuration: bucketSetting('Data at rest is not encrypted here.'),
  aws_s3_bucket_versioning: bucketSetting('Only the newest version of an object is kept.'),
  aws_wafv2_ip_set: {
    reason: 'The front door is on loopback and has no firewall.',
    attributes: (resource, { accountId, region }) => firewall('ipset', resource, accountId, region),
  },
  aws_wafv2_web_acl: {
    reason: 'The front door is on loopback and has no firewall.',
    attributes: (resource, { accountId, region }) => firewall('webacl', resource, accountId, region),
  },
  aws_wafv2_web_acl_association: { reason: 'The front door is on loopback and has no firewall.' },
  aws_wafv2_web_acl_logging_configuration: { reason: 'The front door is on loopback and has no firewall.' },
};

function firewall(kind: string, resource: Resource, accountId: string, region: string): Attributes {
  const scope = resource.desired['scope'] === 'CLOUDFRONT' ? 'global' : 'regional';
  const id = idOf(resource);
  return {
    id,
    arn: `arn:aws:wafv2:${region}:${accountId}:${scope}/${kind}/${nameOf(resource)}/${id}`,
    capacity: 1,
  };
}

/** Attributes of a resource of an accepted type. */
export function acceptedAttributes(
  accepted: AcceptedType,
  resource: Resource,
  context: { accountId: string; region: string },
): Attributes {
  return { id: nameOf(resource), ...accepted.attributes?.(resource, context) };
}
