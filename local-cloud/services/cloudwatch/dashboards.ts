import type { Cloud } from '../../core/cloud.ts';
import type { Operation, ResourceHandler } from '../../core/service.ts';
import { type Input, optionalText, requiredText, resourceNotFound } from './input.ts';

interface Dashboard {
  body: string;
  modified: number;
}

/** Dashboards of the Terraform, kept so that they can be read back. Nothing draws them locally. */
export function createDashboards(cloud: Cloud): {
  resource: ResourceHandler;
  operations: Record<string, Operation>;
} {
  const dashboards = new Map<string, Dashboard>();
  const arnOf = (name: string) => `arn:aws:cloudwatch::${cloud.accountId}:dashboard/${name}`;

  function find(input: Input): { name: string; dashboard: Dashboard } {
    const name = requiredText(input, 'DashboardName', 255);
    const dashboard = dashboards.get(name);
    if (!dashboard) throw resourceNotFound(`Dashboard ${name} does not exist`);
    return { name, dashboard };
  }

  return {
    resource: {
      async apply({ desired }) {
        const name = String(desired['dashboard_name']);
        dashboards.set(name, { body: String(desired['dashboard_body'] ?? '{}'), modified: Date.now() });
        return { ...desired, id: name, dashboard_name: name, dashboard_arn: arnOf(name) };
      },
      async remove(_address, previous) {
        dashboards.delete(String(previous['id']));
      },
    },
    operations: {
      async GetDashboard(input) {
        const { name, dashboard } = find(input);
        return { DashboardArn: arnOf(name), DashboardName: name, DashboardBody: dashboard.body };
      },
      async ListDashboards(input) {
        const prefix = optionalText(input, 'DashboardNamePrefix', 255) ?? '';
        const found = [...dashboards].filter(([name]) => name.startsWith(prefix));
        return {
          DashboardEntries: found.map(([name, dashboard]) => ({
            DashboardName: name,
            DashboardArn: arnOf(name),
            LastModified: new Date(dashboard.modified),
            Size: Buffer.byteLength(dashboard.body),
          })),
        };
      },
    },
  };
}
