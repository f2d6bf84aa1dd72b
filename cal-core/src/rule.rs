//! The rules that a calendar can break, each with a stable code and the section that states it.

use std::fmt;

/// How much a broken rule matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// It could be said more plainly; told only where asked for.
    Style,
    /// Legal, but likely not what was meant.
    Hint,
    /// Against a specification or a sound practice, and yet understood by most programs.
    Warning,
    /// Not iCalendar as RFC 5545 defines it; a strict reading fails.
    Error,
}

impl Severity {
    /// The word that the linter prints.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Style => "style",
            Severity::Hint => "hint",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! rules {
    ($($name:ident $code:literal $severity:ident $section:literal $message:literal;)*) => {
        /// A rule of the format. Its [`code`](Rule::code) is stable; its message is for people.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = concat!("`", $code, "`: ", $message, ".")] $name,)*
        }

        impl Rule {
            /// Every rule there is, in a fixed order.
            pub const ALL: &'static [Rule] = &[$(Rule::$name),*];

            /// The stable name, in lower case with hyphens.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Rule::$name => $code,)* }
            }

            /// How much it matters.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Rule::$name => Severity::$severity,)* }
            }

            /// The section that states it, as `RFC 5545 3.1`; empty for limits of this crate.
            #[must_use]
            pub fn section(self) -> &'static str {
                match self { $(Rule::$name => $section,)* }
            }

            fn message(self) -> &'static str {
                match self { $(Rule::$name => $message,)* }
            }
        }
    };
}

rules! {
    InputTooLong "input-too-long" Error "" "the input is longer than the limit";
    TooManyLines "too-many-lines" Error "" "there are more lines than the limit";
    LineTooLong "line-too-long" Error "" "a line is longer than the limit";
    HeadTooLong "head-too-long" Error "" "the parameters of a property are longer than the limit";
    TooManyProperties "too-many-properties" Error "" "a component has more properties than the limit";
    TooDeep "too-deep" Error "" "components are nested deeper than the limit";
    TooManyParameters "too-many-parameters" Error "" "a property has more parameters than the limit";
    TooManyWarnings "too-many-warnings" Error "" "there are further warnings, left out by the limit";

    NoCalendar "no-calendar" Error "RFC 5545 3.4" "there is no BEGIN:VCALENDAR";
    OutsideCalendar "outside-calendar" Error "RFC 5545 3.4" "text outside of a VCALENDAR";
    StrayComponent "stray-component" Error "RFC 5545 3.4" "a component outside of a VCALENDAR";
    MissingEnd "missing-end" Error "RFC 5545 3.6" "a component without its END";
    UnmatchedEnd "unmatched-end" Error "RFC 5545 3.6" "an END that closes no open component";
    BadBegin "bad-begin" Error "RFC 5545 3.6" "BEGIN or END without a component name";
    Blanks "blanks-around-name" Warning "RFC 5545 3.6" "blanks around a component name";
    NoColon "no-colon" Error "RFC 5545 3.1" "a content line without a colon";
    BadName "bad-name" Error "RFC 5545 3.1" "a property name with a character it must not have";
    BadParameter "bad-parameter" Error "RFC 5545 3.1" "a malformed parameter";
    UnclosedQuote "unclosed-quote" Error "RFC 5545 3.1" "a parameter with an unclosed quote";
    ControlCharacter "control-character" Error "RFC 5545 3.1" "a control character";
    NotUtf8 "not-utf8" Error "RFC 5545 3.1.4" "not UTF-8";
    Utf16 "utf-16" Error "RFC 5545 6" "UTF-16 instead of UTF-8";
    BadDateTime "bad-date-time" Error "RFC 5545 3.3.5" "neither a date nor a date-time";
    DateWithoutValue "date-without-value" Warning "RFC 5545 3.2.20" "a date where VALUE=DATE does not announce it";
    TriggerWithoutValue "trigger-without-value" Warning "RFC 5545 3.8.6.3" "a date-time where VALUE=DATE-TIME does not announce it";
    BadDate "bad-date" Error "RFC 5545 3.3.4" "not a date";
    BadTime "bad-time" Error "RFC 5545 3.3.12" "not a time of day";
    BadFloat "bad-float" Error "RFC 5545 3.3.7" "not a number";
    BadUri "bad-uri" Warning "RFC 5545 3.3.13" "not a URI";
    BadBinary "bad-binary" Error "RFC 5545 3.3.1" "not base64";
    BadGeo "bad-geo" Error "RFC 5545 3.8.1.6" "not latitude and longitude";
    BadRequestStatus "bad-request-status" Error "RFC 5545 3.8.8.3" "not a request status";
    BadPercent "bad-percent" Error "RFC 5545 3.8.1.8" "not a percentage from 0 to 100";
    BadPriority "bad-priority" Error "RFC 5545 3.8.1.9" "not a priority from 0 to 9";
    BadVersion "bad-version" Error "RFC 5545 3.7.4" "not version 2.0";
    EmptyUid "empty-uid" Error "RFC 5545 3.8.4.7" "an empty UID";
    NotUtc "not-utc" Warning "RFC 5545 3.8.7" "a time that must be in UTC is not";
    ValueNotDeclared "value-not-declared" Warning "RFC 7986 5" "a property whose VALUE must be given, without it";
    TypeNotAllowed "type-not-allowed" Error "RFC 5545 3.2.20" "a value type that the property does not take";
    BadRecur "bad-rrule" Error "RFC 5545 3.3.10" "not a recurrence rule";
    BadPeriod "bad-period" Error "RFC 5545 3.3.9" "not a period of time";
    BadDuration "bad-duration" Error "RFC 5545 3.3.6" "not a duration";
    BadUtcOffset "bad-utc-offset" Error "RFC 5545 3.3.14" "not an offset from UTC";
    BadInteger "bad-integer" Error "RFC 5545 3.3.8" "not an integer";
    BadBoolean "bad-boolean" Error "RFC 5545 3.3.2" "neither TRUE nor FALSE";
    MissingProdId "missing-prodid" Error "RFC 5545 3.7.3" "a VCALENDAR without PRODID";
    MissingVersion "missing-version" Error "RFC 5545 3.7.4" "a VCALENDAR without VERSION";
    MissingUid "missing-uid" Error "RFC 5545 3.8.4.7" "a component without UID";
    FreeBusyWithoutUid "freebusy-without-uid" Warning "RFC 5545 3.6.4" "a VFREEBUSY without UID";
    MissingStamp "missing-dtstamp" Warning "RFC 5545 3.8.7.2" "a component without DTSTAMP";
    MissingStart "missing-dtstart" Error "RFC 5545 3.6.1" "a VEVENT without DTSTART";
    MissingAction "missing-action" Error "RFC 5545 3.6.6" "a VALARM without ACTION";
    MissingTrigger "missing-trigger" Error "RFC 5545 3.6.6" "a VALARM without TRIGGER";
    MissingTzId "missing-tzid" Error "RFC 5545 3.6.5" "a VTIMEZONE without TZID";
    MissingOnset "missing-onset" Error "RFC 5545 3.6.5" "a STANDARD or DAYLIGHT without DTSTART";
    MissingOffset "missing-offset" Error "RFC 5545 3.6.5" "a STANDARD or DAYLIGHT without its offsets";
    NoObservance "no-observance" Error "RFC 5545 3.6.5" "a VTIMEZONE without STANDARD or DAYLIGHT";
    Repeated "repeated-property" Error "RFC 5545 3.6" "a property that may occur only once";
    EndAndDuration "end-and-duration" Warning "RFC 5545 3.6.1" "both an end and a duration";
    EndBeforeStart "end-before-start" Error "RFC 5545 3.8.2.2" "the end is not after the start";
    EndTypeDiffers "end-type-differs" Error "RFC 5545 3.8.2.2" "start and end are not of one type";
    ByteOrderMark "byte-order-mark" Hint "RFC 5545 3.1.4" "a byte order mark";
    LineBreak "line-break" Warning "RFC 5545 3.1" "a line break other than CRLF";
    NoFinalBreak "no-final-break" Warning "RFC 5545 3.1" "the last line has no line break";
    LongLine "long-line" Warning "RFC 5545 3.1" "a line of more than 75 octets";
    BadEscape "bad-escape" Warning "RFC 5545 3.3.11" "a backslash that escapes nothing";
    Unescaped "unescaped" Hint "RFC 5545 3.3.11" "a comma or semicolon that is not escaped";
    UnknownZone "unknown-zone" Warning "RFC 5545 3.2.19" "a time zone that nothing is known of";
    GuessedZone "guessed-zone" Hint "RFC 5545 3.2.19" "a time zone that is guessed from its name";
    TzIdOnUtc "tzid-on-utc" Warning "RFC 5545 3.2.19" "a TZID on a time in UTC";
    MissingZone "missing-vtimezone" Warning "RFC 5545 3.6.5" "a time zone without VTIMEZONE";
    UnusedZone "unused-vtimezone" Hint "RFC 5545 3.6.5" "a VTIMEZONE that nothing uses";
    ZoneDefinedTwice "vtimezone-twice" Warning "RFC 5545 3.6.5" "a time zone defined twice";
    ZoneChangesTooOften "vtimezone-changes-too-often" Warning "RFC 5545 3.6.5" "a VTIMEZONE that changes more often than any zone, and is left aside";
    ZoneDiffers "vtimezone-differs" Warning "RFC 5545 3.6.5" "a VTIMEZONE that differs from the zone of its name, whose rules are used";
    NoTime "no-time" Hint "RFC 5545 3.6.1" "it ends when it starts";
    UntilType "until-type" Warning "RFC 5545 3.3.10" "an UNTIL that does not fit DTSTART";
    StartNotInRule "dtstart-not-in-rule" Warning "RFC 5545 3.8.5.3" "a rule that does not generate DTSTART";
    NeverMatches "never-matches" Warning "RFC 5545 3.8.5.3" "a rule that never matches";
    StepsOver "interval-steps-over" Warning "RFC 5545 3.3.10" "an INTERVAL that steps over all that the rule names";
    BeyondCalendar "beyond-calendar" Warning "RFC 5545 3.3.10" "a rule that does not match before the year 9999 ends";
    HardlyMatches "hardly-matches" Warning "RFC 5545 3.3.10" "a rule that matches hardly ever";
    ValueNeverMatches "value-never-matches" Warning "RFC 5545 3.3.10" "a value in a rule that never matches";
    PositionBeyondSet "position-beyond-set" Warning "RFC 5545 3.3.10" "a BYSETPOS that no set is large enough for";
    UntilBeforeFirst "until-before-first" Warning "RFC 5545 3.3.10" "an UNTIL before all that the rule generates";
    TimesOfDates "times-of-dates" Warning "RFC 5545 3.3.10" "times in a rule whose DTSTART is a date";
    SubDailyDates "sub-daily-dates" Warning "RFC 5545 3.3.10" "a rule that repeats within a day and whose DTSTART is a date";
    MonthsLeftOut "months-left-out" Hint "RFC 5545 3.3.10" "a day that not all months have";
    LeapYearsOnly "leap-years-only" Hint "RFC 5545 3.3.10" "a rule that matches in leap years only";
    LongYearsOnly "long-years-only" Hint "RFC 5545 3.3.10" "a week that most years do not have";
    OccursRarely "occurs-rarely" Hint "RFC 5545 3.3.10" "a rule that matches rarely";
    SkippedTime "skipped-local-time" Hint "RFC 5545 3.3.5" "an occurrence at a local time that the clock skips";
    AmbiguousTime "ambiguous-local-time" Hint "RFC 5545 3.3.5" "an occurrence at a local time that the clock shows twice";
    ManyADay "many-a-day" Hint "RFC 5545 3.3.10" "a rule that matches many times a day";
    EndlessSubDaily "endless-sub-daily" Hint "RFC 5545 3.3.10" "a rule that repeats within a day and does not end";
    UnsupportedCalendar "unsupported-calendar" Hint "RFC 7529 4.1" "a rule in a calendar that cannot be computed";
    NoEffect "no-effect" Style "RFC 5545 3.3.10" "a part of a rule without effect";
    ExplicitDefault "explicit-default" Style "RFC 5545 3.3.10" "a part of a rule that goes without saying";
    DuplicateValue "duplicate-value" Style "RFC 5545 3.3.10" "a value that is twice in a rule";
    SeveralRules "several-rules" Warning "RFC 5545 3.8.5.3" "more than one RRULE";
    RuleWithoutStart "rule-without-dtstart" Warning "RFC 5545 3.8.5.3" "a rule without DTSTART";
    RecurringOverride "recurring-override" Warning "RFC 5545 3.8.4.4" "a rule in an override, where it means nothing";
    ExDateType "exdate-type" Warning "RFC 5545 3.8.5.1" "an EXDATE that is not of the type of DTSTART";
    RecurrenceIdType "recurrence-id-type" Warning "RFC 5545 3.8.4.4" "a RECURRENCE-ID that is not of the type of DTSTART";
    SameInstance "same-instance" Warning "RFC 5545 3.8.4.7" "two components for one instance";
    AlarmLacks "alarm-lacks" Warning "RFC 5545 3.6.6" "a VALARM without a property that its ACTION needs";
    RepeatAlone "repeat-alone" Warning "RFC 5545 3.6.6" "only one of REPEAT and DURATION";
    UnknownWord "unknown-word" Warning "RFC 5545 3.8.1.11" "a value that is none of those defined";
    Deprecated "deprecated" Hint "RFC 5545 A.3" "a property that is no longer defined";
    BlankLine "blank-line" Warning "RFC 5545 3.1" "a blank line";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}
