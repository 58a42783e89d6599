// What APPSYNC_JS code may import from @aws-appsync/utils. Evaluated inside the context of that code, which is why it
// uses nothing but the language itself.
// https://docs.aws.amazon.com/appsync/latest/devguide/resolver-util-reference-js.html
(() => {
  const { parse, stringify } = JSON;
  let handlers;
  /** What the running evaluation has said so far. */
  let run;

  class Said {
    constructor(error) {
      this.error = error;
    }
  }
  class Returned {
    constructor(value, skipTo) {
      this.value = value;
      this.skipTo = skipTo;
    }
  }

  const errorOf = (message, type, data, info) => ({
    message: String(message),
    type: type === undefined ? null : type,
    data: data === undefined ? null : data,
    info: info === undefined ? null : info,
  });

  /** Whatever is not there says so by its name, instead of being undefined. */
  const named = (name, members) =>
    new Proxy(Object.freeze(members), {
      get(target, key) {
        if (typeof key === 'symbol' || Object.hasOwn(target, key)) return target[key];
        throw new Error(`The local cloud does not support ${name}.${key} in APPSYNC_JS.`);
      },
    });

  const randomBytes = (count) => {
    const taken = run.random.slice(0, count * 2);
    // Used up, the numbers go on from those before: they name things, and keep no secrets.
    run.random = run.random.slice(count * 2) + taken.split('').reverse().join('');
    const fresh = taken.replace(/./g, (digit) =>
      ((Number.parseInt(digit, 16) + run.drawn) % 16).toString(16),
    );
    run.drawn += 7;
    return fresh;
  };

  const uuid = () => {
    const hex = randomBytes(16).split('');
    hex[12] = '4';
    hex[16] = '89ab'[Number.parseInt(hex[16], 16) % 4];
    return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  };

  const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const ulid = () => {
    let time = run.now;
    let text = '';
    for (let place = 0; place < 10; place += 1) {
      text = crockford[time % 32] + text;
      time = Math.floor(time / 32);
    }
    const random = randomBytes(16).match(/../g);
    return text + random.map((byte) => crockford[Number.parseInt(byte, 16) % 32]).join('');
  };

  const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

  /** Conditions as alternatives of conditions that hold together: what a filter group is. */
  const alternatives = (filter, ignored) => {
    let found = [[]];
    const both = (others) => {
      found = found.flatMap((one) => others.map((other) => [...one, ...other]));
    };
    for (const [fieldName, said] of Object.entries(filter)) {
      if (ignored.includes(fieldName) || said === undefined || said === null) continue;
      if (fieldName === 'and') for (const each of said) both(alternatives(each, ignored));
      else if (fieldName === 'or') both(said.flatMap((each) => alternatives(each, ignored)));
      else if (isObject(said))
        both([Object.entries(said).map(([operator, value]) => ({ fieldName, operator, value }))]);
      else throw new Error(`A filter says of ${fieldName} no operator.`);
    }
    return found;
  };

  const utf8 = (text) => unescape(encodeURIComponent(text));
  const fromUtf8 = (text) => decodeURIComponent(escape(text));
  const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const base64Encode = (text) => {
    const bytes = [...utf8(String(text))].map((character) => character.charCodeAt(0));
    let encoded = '';
    for (let at = 0; at < bytes.length; at += 3) {
      const bits = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
      const letters = [18, 12, 6, 0].map((shift) => base64[(bits >> shift) & 63]);
      encoded += letters
        .slice(0, Math.min(4, bytes.length - at + 1))
        .join('')
        .padEnd(4, '=');
    }
    return encoded;
  };
  const base64Decode = (text) => {
    const letters = [...String(text).replace(/=+$/, '')].map((letter) => base64.indexOf(letter));
    let bytes = '';
    for (let at = 0; at < letters.length; at += 4) {
      const bits =
        (letters[at] << 18) |
        ((letters[at + 1] ?? 0) << 12) |
        ((letters[at + 2] ?? 0) << 6) |
        (letters[at + 3] ?? 0);
      const held = Math.min(3, letters.length - at - 1);
      for (let byte = 0; byte < held; byte += 1)
        bytes += String.fromCharCode((bits >> (16 - 8 * byte)) & 255);
    }
    return fromUtf8(bytes);
  };

  const authTypes = {
    AWS_IAM: 'IAM Authorization',
    AMAZON_COGNITO_USER_POOLS: 'User Pool Authorization',
    API_KEY: 'API Key Authorization',
  };

  const util = named('util', {
    autoId: uuid,
    autoUlid: ulid,
    error(message, type, data, info) {
      throw new Said(errorOf(message, type, data, info));
    },
    appendError(message, type, data, info) {
      run.appended.push(errorOf(message, type, data, info));
    },
    unauthorized() {
      throw new Said(errorOf('Unauthorized', 'Unauthorized'));
    },
    validate(holds, message, type = 'CustomTemplateException', data = null) {
      if (!holds) throw new Said(errorOf(message, type, data));
    },
    authType: () => authTypes[run.authType],
    matches: (pattern, text) => new RegExp(pattern).test(text),
    isNull: (value) => value === null || value === undefined,
    isNullOrEmpty: (value) => value === null || value === undefined || value === '',
    isNullOrBlank: (value) => value === null || value === undefined || String(value).trim() === '',
    defaultIfNull: (value, fallback) => value ?? fallback,
    defaultIfNullOrEmpty: (value, fallback) =>
      value === null || value === undefined || value === '' ? fallback : value,
    urlEncode: encodeURIComponent,
    urlDecode: decodeURIComponent,
    base64Encode,
    base64Decode,
    time: named('util.time', {
      nowISO8601: () => new Date(run.now).toISOString(),
      nowEpochSeconds: () => Math.floor(run.now / 1000),
      nowEpochMilliSeconds: () => run.now,
      parseISO8601ToEpochMilliSeconds: (text) => Date.parse(text),
      epochMilliSecondsToISO8601: (milliseconds) => new Date(milliseconds).toISOString(),
      epochMilliSecondsToSeconds: (milliseconds) => Math.floor(milliseconds / 1000),
    }),
    transform: named('util.transform', {
      toSubscriptionFilter: (filter, ignored = []) => ({
        filterGroup: alternatives(filter, ignored).map((filters) => ({ filters })),
      }),
    }),
  });

  const extensions = named('extensions', {
    setSubscriptionFilter(filter) {
      run.filter = filter;
    },
  });

  const runtime = named('runtime', {
    earlyReturn(value, { skipTo = 'NEXT' } = {}) {
      throw new Returned(value, skipTo);
    },
  });

  globalThis.console = named('console', { log() {}, error() {} });
  globalThis.__modules = named('@aws-appsync/utils', { util, extensions, runtime });
  globalThis.__install = (installed) => {
    handlers = installed;
  };
  globalThis.__call = (handler, text, now, random) => {
    const context = parse(text);
    run = { now, random, drawn: 0, authType: context.authType, appended: [] };
    delete context.authType;
    // The stash can be filled and emptied, not replaced.
    const stash = context.stash;
    Object.defineProperty(context, 'stash', { value: stash, enumerable: true });
    const answer = {};
    try {
      answer.value = handlers[handler](context);
    } catch (thrown) {
      if (thrown instanceof Said) answer.error = thrown.error;
      else if (thrown instanceof Returned)
        Object.assign(answer, { value: thrown.value, returned: thrown.skipTo });
      else throw thrown;
    }
    return stringify({ ...answer, stash, appended: run.appended, filter: run.filter });
  };
})();
