import type { Authorizer, HttpApi, Integration, Route, Stage } from './model.ts';
import { RouteTable } from './route-table.ts';

/** What the Terraform declares, and the route table of each API, built when first needed after a change. */
export class Registry {
  readonly apis = new Map<string, HttpApi>();
  readonly authorizers = new Map<string, Authorizer>();
  readonly integrations = new Map<string, Integration>();
  readonly routes = new Map<string, Route>();
  /** By `<apiId>/<stage>`. */
  readonly stages = new Map<string, Stage>();
  private readonly tables = new Map<string, RouteTable>();

  addRoute(route: Route): void {
    this.routes.set(route.id, route);
    this.tables.delete(route.apiId);
  }

  removeRoute(id: string): void {
    const route = this.routes.get(id);
    this.routes.delete(id);
    if (route) this.tables.delete(route.apiId);
  }

  routesOf(apiId: string): Route[] {
    return [...this.routes.values()].filter((route) => route.apiId === apiId);
  }

  tableOf(apiId: string): RouteTable {
    const known = this.tables.get(apiId);
    if (known) return known;
    const table = new RouteTable(this.routesOf(apiId));
    this.tables.set(apiId, table);
    return table;
  }

  /** The stage a path begins with, otherwise `$default`; and the path that is left for the routes. */
  stageOf(apiId: string, path: string): { stage: Stage; routePath: string } | undefined {
    const first = path.split('/', 2)[1] ?? '';
    const named = first === '' ? undefined : this.stages.get(`${apiId}/${first}`);
    if (named) return { stage: named, routePath: path.slice(first.length + 1) || '/' };
    const stage = this.stages.get(`${apiId}/$default`);
    return stage && { stage, routePath: path };
  }
}
