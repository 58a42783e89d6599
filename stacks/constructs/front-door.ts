import {
  CloudfrontDistribution,
  CloudfrontFunction,
  CloudfrontOriginAccessControl,
  CloudfrontResponseHeadersPolicy,
  Construct,
  type S3Bucket,
} from '../cdktf.ts';
import { SkafuStack } from '../skafu-stack.ts';
import { managedPolicies } from './managed-policies.ts';
import { apiHeaders, consoleHeaders } from './security-headers.ts';
import { spaRoutes } from './spa-routes.ts';

const anyMethod = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'];
const readingMethods = ['GET', 'HEAD'];

interface Props {
  bucket: S3Bucket;
  apiDomain: string;
  /** ARN of the firewall that sees every request first. */
  firewall: string;
}

/** One origin for the browser: the console from its bucket, and `/api/*` from the HTTP API. */
export class FrontDoor extends Construct {
  readonly distributionId: string;
  readonly distributionArn: string;
  readonly domainName: string;

  constructor(scope: Construct, id: string, { bucket, apiDomain, firewall }: Props) {
    super(scope, id);
    const stack = SkafuStack.of(this);
    const { region } = stack.settings;

    const access = new CloudfrontOriginAccessControl(this, 'access', {
      name: stack.resourceName('bucket'),
      originAccessControlOriginType: 's3',
      signingBehavior: 'always',
      signingProtocol: 'sigv4',
    });
    const routes = new CloudfrontFunction(this, 'spa-routes', {
      name: stack.resourceName('spa-routes'),
      comment: 'Serves the single-page application for its own routes',
      runtime: 'cloudfront-js-2.0',
      code: spaRoutes,
      publish: true,
    });
    const ofConsole = new CloudfrontResponseHeadersPolicy(this, 'headers', {
      name: stack.resourceName('security-headers'),
      ...consoleHeaders(region),
    });
    const ofApi = new CloudfrontResponseHeadersPolicy(this, 'api-headers', {
      name: stack.resourceName('api-headers'),
      ...apiHeaders(),
    });

    const common = {
      viewerProtocolPolicy: 'redirect-to-https',
      cachedMethods: readingMethods,
      compress: true,
    };
    const distribution = new CloudfrontDistribution(this, 'distribution', {
      comment: stack.resourceName('front-door'),
      enabled: true,
      webAclId: firewall,
      isIpv6Enabled: true,
      httpVersion: 'http2and3',
      priceClass: 'PriceClass_100',
      defaultRootObject: 'index.html',
      origin: [
        {
          originId: 'console',
          domainName: bucket.bucketRegionalDomainName,
          originAccessControlId: access.id,
        },
        {
          originId: 'api',
          domainName: apiDomain,
          customOriginConfig: {
            httpPort: 80,
            httpsPort: 443,
            originProtocolPolicy: 'https-only',
            originSslProtocols: ['TLSv1.2'],
          },
        },
      ],
      defaultCacheBehavior: {
        ...common,
        targetOriginId: 'console',
        responseHeadersPolicyId: ofConsole.id,
        allowedMethods: readingMethods,
        cachePolicyId: managedPolicies.cachingOptimized,
        functionAssociation: [{ eventType: 'viewer-request', functionArn: routes.arn }],
      },
      orderedCacheBehavior: [
        {
          ...common,
          pathPattern: '/api/*',
          targetOriginId: 'api',
          responseHeadersPolicyId: ofApi.id,
          allowedMethods: anyMethod,
          cachePolicyId: managedPolicies.cachingDisabled,
          originRequestPolicyId: managedPolicies.allViewerExceptHostHeader,
        },
      ],
      restrictions: { geoRestriction: { restrictionType: 'none' } },
      // CloudFront settles the TLS version of its own certificate; ours comes with a domain of our own.
      viewerCertificate: { cloudfrontDefaultCertificate: true },
    });
    this.distributionId = distribution.id;
    this.distributionArn = distribution.arn;
    this.domainName = distribution.domainName;
  }
}
