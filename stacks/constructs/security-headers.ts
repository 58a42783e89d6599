const twoYears = 2 * 365 * 24 * 60 * 60;

/** Headers of every answer: what the console may load and call, and that nobody frames it. */
export function securityHeaders(region: string) {
  return {
    contentSecurityPolicy: {
      contentSecurityPolicy: contentSecurityPolicy(region),
      override: true,
    },
    contentTypeOptions: { override: true },
    frameOptions: { frameOption: 'DENY', override: true },
    referrerPolicy: { referrerPolicy: 'strict-origin-when-cross-origin', override: true },
    strictTransportSecurity: { accessControlMaxAgeSec: twoYears, includeSubdomains: true, override: true },
  };
}

function contentSecurityPolicy(region: string): string {
  const directives = [
    "default-src 'self'",
    `connect-src 'self' https://cognito-idp.${region}.amazonaws.com`,
    "img-src 'self' data:",
    "font-src 'self' data:",
    // Components set widths and positions in style attributes.
    "style-src 'self' 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return directives.join('; ');
}
