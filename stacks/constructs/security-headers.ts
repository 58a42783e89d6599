const twoYears = 2 * 365 * 24 * 60 * 60;

/** Headers of the console's answers: what the page may load and call, and that nobody frames it. */
export function consoleHeaders(region: string) {
  return {
    securityHeadersConfig: securityHeaders(consolePolicy(region)),
    // What stands in the bucket says itself how long it may be kept; S3's errors do not.
    customHeadersConfig: customHeaders({ override: false }),
    removeHeadersConfig,
  };
}

/** Headers of the API's answers, those of API Gateway itself included: data, never a document, never kept. */
export function apiHeaders() {
  return {
    securityHeadersConfig: securityHeaders("default-src 'none'; frame-ancestors 'none'"),
    customHeadersConfig: customHeaders({ override: true }),
    removeHeadersConfig,
  };
}

function securityHeaders(contentSecurityPolicy: string) {
  return {
    contentSecurityPolicy: { contentSecurityPolicy, override: true },
    contentTypeOptions: { override: true },
    frameOptions: { frameOption: 'DENY', override: true },
    referrerPolicy: { referrerPolicy: 'strict-origin-when-cross-origin', override: true },
    // Without preload: the list takes registered domains only, and this one is CloudFront's.
    strictTransportSecurity: { accessControlMaxAgeSec: twoYears, includeSubdomains: true, override: true },
  };
}

function customHeaders(noStore: { override: boolean }) {
  return {
    items: [
      { header: 'cache-control', value: 'no-store', override: noStore.override },
      { header: 'cross-origin-opener-policy', value: 'same-origin', override: true },
      { header: 'cross-origin-resource-policy', value: 'same-origin', override: true },
      { header: 'permissions-policy', value: permissionsPolicy, override: true },
    ],
  };
}

/** What tells of the software behind. CloudFront then says `Server: CloudFront`, which its own name tells anyway. */
const removeHeadersConfig = {
  items: ['server', 'x-powered-by', 'x-amz-server-side-encryption', 'x-amz-version-id'].map((header) => ({
    header,
  })),
};

/** Nothing of a device is needed, so that a script that got in would not get it either. */
const permissionsPolicy = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'screen-wake-lock',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ');

function consolePolicy(region: string): string {
  const directives = [
    "default-src 'none'",
    "script-src 'self'",
    `connect-src 'self' https://cognito-idp.${region}.amazonaws.com`,
    "img-src 'self' data:",
    "font-src 'self' data:",
    // Components set widths and positions in style attributes.
    "style-src 'self' 'unsafe-inline'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return directives.join('; ');
}
