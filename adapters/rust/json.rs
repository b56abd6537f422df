//! As much JSON as the wire needs: a strict reader, and a writer. Numbers keep their digits.

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
            Json::Object(fields) => fields.iter().rev().find(|(other, _)| other == name).map_or(ABSENT, |(_, value)| value),
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
            Json::List(items) => match items.get(place) {
                Some(Json::Text(text)) => text,
                _ => "",
            },
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
                out.write_char('[')?;
                for (place, item) in items.iter().enumerate() {
                    write!(out, "{}{item}", if place > 0 { "," } else { "" })?;
                }
                out.write_char(']')
            }
            Json::Object(fields) => {
                out.write_char('{')?;
                for (place, (name, value)) in fields.iter().enumerate() {
                    out.write_str(if place > 0 { "," } else { "" })?;
                    quoted(out, name)?;
                    write!(out, ":{value}")?;
                }
                out.write_char('}')
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

/// Reads one document; an error says at which byte it is none.
pub fn read(text: &str) -> Result<Json, String> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0).ok_or_else(|| format!("no JSON at byte {}", reader.at))?;
    reader.blank();
    if reader.at == text.len() { Ok(value) } else { Err(format!("more than a document at byte {}", reader.at)) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn blank(&mut self) {
        let rest = self.text[self.at..].trim_start_matches([' ', '\t', '\r', '\n']);
        self.at = self.text.len() - rest.len();
    }

    fn take(&mut self, word: &str) -> Option<()> {
        self.text[self.at..].starts_with(word).then(|| self.at += word.len())
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.blank();
        match self.text[self.at..].chars().next().filter(|_| depth < 100)? {
            '{' => self.many("{", "}", |all| all.member(depth + 1)).map(Json::Object),
            '[' => self.many("[", "]", |all| all.value(depth + 1)).map(Json::List),
            '"' => self.string().map(Json::Text),
            't' => self.take("true").map(|()| Json::Bool(true)),
            'f' => self.take("false").map(|()| Json::Bool(false)),
            'n' => self.take("null").map(|()| Json::Null),
            _ => self.digits().map(Json::Number),
        }
    }

    fn member(&mut self, depth: usize) -> Option<(String, Json)> {
        self.blank();
        let name = self.string()?;
        self.blank();
        self.take(":")?;
        Some((name, self.value(depth)?))
    }

    fn many<T>(&mut self, open: &str, close: &str, one: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut all = Vec::new();
        self.take(open)?;
        self.blank();
        while self.take(close).is_none() {
            if !all.is_empty() {
                self.take(",")?;
            }
            all.push(one(self)?);
            self.blank();
        }
        Some(all)
    }

    fn digits(&mut self) -> Option<String> {
        let rest = &self.text[self.at..];
        let end = rest.find(|letter: char| !"+-.eE0123456789".contains(letter)).unwrap_or(rest.len());
        let digits = &rest[..end];
        digits.parse::<f64>().ok()?; // as strict as the wire needs
        self.at += end;
        Some(digits.to_string())
    }

    fn string(&mut self) -> Option<String> {
        let mut made = String::new();
        self.take("\"")?;
        loop {
            let letter = self.text[self.at..].chars().next().filter(|&letter| letter >= ' ')?;
            self.at += letter.len_utf8();
            match letter {
                '"' => return Some(made),
                '\\' => made.push(self.escaped()?),
                _ => made.push(letter),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let letter = self.text[self.at..].chars().next()?;
        self.at += letter.len_utf8();
        Some(match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let high = self.unit()?;
                let pair = (0xd800..0xdc00).contains(&high).then(|| self.take("\\u").and_then(|()| self.unit()));
                match pair {
                    Some(low) => char::from_u32(0x10000 + ((high - 0xd800) << 10) + low?.checked_sub(0xdc00)?)?,
                    None => char::from_u32(high)?,
                }
            }
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}
