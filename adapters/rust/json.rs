//! As much JSON as the wire needs: values, and how they are written. Numbers keep their digits.

use std::fmt::{self, Display, Formatter, Write};
use std::str::FromStr;

#[derive(Clone)]
pub enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

const ABSENT: &Json = &Json::Null;

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::Text(text.to_string())
    }
}

/// Fields that are absent or null are the default of their type.
impl Json {
    pub fn number(value: impl Display) -> Json {
        Json::Number(value.to_string())
    }

    pub fn list(items: impl IntoIterator<Item = Json>) -> Json {
        Json::List(items.into_iter().collect())
    }

    pub fn object<const N: usize>(fields: [(&str, Json); N]) -> Json {
        Json::Object(fields.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
    }

    pub fn field(&self, name: &str) -> &Json {
        match self {
            Json::Object(fields) => {
                fields.iter().rev().find(|(other, _)| other == name).map_or(ABSENT, |(_, value)| value)
            }
            _ => ABSENT,
        }
    }

    pub fn text_or<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        match self.field(name) {
            Json::Text(text) => text,
            _ => default,
        }
    }

    pub fn text(&self, name: &str) -> &str {
        self.text_or(name, "")
    }

    pub fn flag(&self, name: &str) -> bool {
        matches!(self.field(name), Json::Bool(true))
    }

    pub fn integer<T: FromStr + Default>(&self, name: &str) -> T {
        match self.field(name) {
            Json::Number(digits) => digits.parse().unwrap_or_default(),
            _ => T::default(),
        }
    }

    pub fn items(&self, name: &str) -> &[Json] {
        match self.field(name) {
            Json::List(items) => items,
            _ => &[],
        }
    }

    /// The text at a place of a list of texts.
    pub fn item(&self, place: usize) -> &str {
        match self {
            Json::List(items) => {
                items.get(place).map_or("", |item| if let Json::Text(text) = item { text } else { "" })
            }
            _ => "",
        }
    }
}

impl Display for Json {
    fn fmt(&self, out: &mut Formatter) -> fmt::Result {
        match self {
            Json::Null => out.write_str("null"),
            Json::Bool(value) => write!(out, "{value}"),
            Json::Number(digits) => out.write_str(digits),
            Json::Text(text) => quoted(out, text),
            Json::List(items) => {
                let all: Vec<String> = items.iter().map(Json::to_string).collect();
                write!(out, "[{}]", all.join(","))
            }
            Json::Object(fields) => {
                let one = |(name, value): &(String, Json)| format!("{}:{value}", Json::from(name.as_str()));
                write!(out, "{{{}}}", fields.iter().map(one).collect::<Vec<_>>().join(","))
            }
        }
    }
}

fn quoted(out: &mut Formatter, text: &str) -> fmt::Result {
    out.write_char('"')?;
    for letter in text.chars() {
        match letter {
            '"' | '\\' => write!(out, "\\{letter}")?,
            '\0'..='\x1f' => write!(out, "\\u{:04x}", letter as u32)?,
            _ => out.write_char(letter)?,
        }
    }
    out.write_char('"')
}
