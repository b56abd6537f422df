//! A strict reader of JSON; a number keeps its digits.

use crate::json::Json;

/// Reads one document; an error says at which byte it is none.
pub fn read(text: &str) -> Result<Json, String> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0).ok_or_else(|| format!("no JSON at byte {}", reader.at))?;
    reader.blank();
    if reader.at == text.len() {
        Ok(value)
    } else {
        Err(format!("more than a document at byte {}", reader.at))
    }
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
        if letter != 'u' {
            let known = "\"\\/bfnrt".chars().position(|each| each == letter)?;
            return "\"\\/\x08\x0c\n\r\t".chars().nth(known);
        }
        let high = self.unit()?;
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high);
        }
        self.take("\\u")?;
        let low = self.unit().filter(|unit| (0xdc00..0xe000).contains(unit))?;
        char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}
