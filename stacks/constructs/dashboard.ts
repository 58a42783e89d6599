import { CloudwatchDashboard, type Construct } from '../cdktf.ts';
import { dashboardBody, type Row } from '../dashboards/widgets.ts';
import { SkafuStack } from '../skafu-stack.ts';

/** A dashboard in CloudWatch's own console, for when ours does not answer: `skafu-{environment}-{name}`. */
export class Dashboard extends CloudwatchDashboard {
  constructor(scope: Construct, id: string, { name, rows }: { name: string; rows: readonly Row[] }) {
    const { environment, region } = SkafuStack.of(scope).settings;
    super(scope, id, {
      dashboardName: `skafu-${environment}-${name}`,
      dashboardBody: JSON.stringify(dashboardBody(rows, region)),
    });
  }
}
