import {
  buildASTSchema,
  concatAST,
  type DocumentNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLScalarType,
  type GraphQLSchema,
  isNonNullType,
  parse,
  validateSchema,
} from 'graphql';
import { AwsError } from '../../../core/errors.ts';
import { awsScalars } from './scalars.ts';

/** What AppSync knows without a definition; who writes it in a schema all the same, for the tools, means these. */
const prelude = parse(`
  ${[...awsScalars.keys()].map((name) => `scalar ${name}`).join('\n')}
  directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
  directive @aws_auth(cognito_groups: [String!]!) on FIELD_DEFINITION
  directive @aws_cognito_user_pools(cognito_groups: [String!]) on OBJECT | FIELD_DEFINITION
  directive @aws_iam on OBJECT | FIELD_DEFINITION
  directive @aws_api_key on OBJECT | FIELD_DEFINITION
  directive @aws_oidc on OBJECT | FIELD_DEFINITION
  directive @aws_lambda on OBJECT | FIELD_DEFINITION
  directive @canonical on OBJECT
  directive @hidden on OBJECT
  directive @renamed(to: String!) on OBJECT
`);

const known = new Set(
  prelude.definitions.map(
    (definition) => `${definition.kind} ${'name' in definition && definition.name?.value}`,
  ),
);

/** Builds the schema of an API. Throws `BadRequestException` with every fault of it. */
export function buildSchema(text: string): GraphQLSchema {
  try {
    const document = withoutKnown(parse(text));
    const schema = buildASTSchema(concatAST([prelude, document]));
    for (const [name, scalar] of awsScalars)
      Object.assign(schema.getType(name) as GraphQLScalarType, codecOf(scalar));
    const faults = [...validateSchema(schema).map(({ message }) => message), ...subscriptionFaults(schema)];
    if (faults.length > 0) throw invalid(faults.join('\n'));
    return schema;
  } catch (error) {
    if (error instanceof AwsError) throw error;
    if (error instanceof GraphQLError) throw invalid(error.toString());
    throw error instanceof Error ? invalid(error.message) : error;
  }
}

const invalid = (message: string) =>
  new AwsError('BadRequestException', `The GraphQL schema is not valid: ${message}`, 400);

const codecOf = ({ parseValue, parseLiteral, serialize }: GraphQLScalarType) => ({
  parseValue,
  parseLiteral,
  serialize,
});

function withoutKnown(document: DocumentNode): DocumentNode {
  return {
    ...document,
    definitions: document.definitions.filter(
      (definition) => !('name' in definition) || !known.has(`${definition.kind} ${definition.name?.value}`),
    ),
  };
}

/** The mutations whose results a subscription field tells. */
export function mutationsOf(field: GraphQLField<unknown, unknown>): string[] {
  const directive = field.astNode?.directives?.find(({ name }) => name.value === 'aws_subscribe');
  const argument = directive?.arguments?.find(({ name }) => name.value === 'mutations')?.value;
  const values = argument?.kind === 'ListValue' ? argument.values : argument ? [argument] : [];
  return values.flatMap((value) => (value.kind === 'StringValue' ? [value.value] : []));
}

/** A subscription tells what mutations of the same type answer. */
function subscriptionFaults(schema: GraphQLSchema): string[] {
  const mutations = schema.getMutationType()?.getFields() ?? {};
  return Object.values(schema.getSubscriptionType()?.getFields() ?? {}).flatMap((field) =>
    mutationsOf(field).flatMap((name) => {
      const mutation = mutations[name];
      if (!mutation)
        return [`Subscription.${field.name} is subscribed to the mutation ${name}, which is not there.`];
      const bare = (type: unknown) => (isNonNullType(type) ? String(type.ofType) : String(type));
      if (bare(mutation.type) === bare(field.type)) return [];
      return [`Subscription.${field.name} and Mutation.${name} have not the same type.`];
    }),
  );
}
