//! Names of `http://calendarserver.org/ns/`.

use super::names;

names! { CALENDARSERVER:
    ALLOWED_SHARING_MODES = "allowed-sharing-modes",
    CALENDAR_PROXY_READ = "calendar-proxy-read",
    CALENDAR_PROXY_READ_FOR = "calendar-proxy-read-for",
    CALENDAR_PROXY_WRITE = "calendar-proxy-write",
    CALENDAR_PROXY_WRITE_FOR = "calendar-proxy-write-for",
    EMAIL_ADDRESS_SET = "email-address-set",
    FIRST_NAME = "first-name",
    GETCTAG = "getctag",
    INVITE = "invite",
    LAST_NAME = "last-name",
    MAX_COLLECTIONS = "max-collections",
    MAX_RESOURCES = "max-resources",
    NOTIFICATION_URL = "notification-URL",
    PRE_PUBLISH_URL = "pre-publish-url",
    PUBLISH_URL = "publish-url",
    SOURCE = "source",
    SUBSCRIBED = "subscribed",
}
