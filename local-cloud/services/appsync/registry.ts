import type { ApiKey, DataSource, GraphqlApi, PipelineFunction, Resolver } from './model.ts';

/** What the Terraform declares. */
export class Registry {
  readonly apis = new Map<string, GraphqlApi>();
  /** By `<apiId>-<name>`. */
  readonly dataSources = new Map<string, DataSource>();
  /** By `<apiId>-<type>-<field>`. */
  readonly resolvers = new Map<string, Resolver>();
  /** By `<apiId>-<functionId>`. */
  readonly functions = new Map<string, PipelineFunction>();
  /** By the key itself. */
  readonly apiKeys = new Map<string, ApiKey>();

  dataSource(apiId: string, name: string): DataSource | undefined {
    return this.dataSources.get(`${apiId}-${name}`);
  }

  resolver(apiId: string, typeName: string, fieldName: string): Resolver | undefined {
    return this.resolvers.get(`${apiId}-${typeName}-${fieldName}`);
  }

  dataSourcesOf(apiId: string): DataSource[] {
    return [...this.dataSources.values()].filter((source) => source.apiId === apiId);
  }

  resolversOf(apiId: string): Resolver[] {
    return [...this.resolvers.values()].filter((resolver) => resolver.apiId === apiId);
  }

  functionsOf(apiId: string): PipelineFunction[] {
    return [...this.functions.values()].filter((each) => each.apiId === apiId);
  }
}
