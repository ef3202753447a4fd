//! The administrator's layer below and above the agent's: defaults, and what is locked.
//!
//! Works on the tables of the two files, so that a word that a file leaves out can be told from one
//! that repeats the default. Lines and integrations are named by their id: `lines.desk.host`.

use toml::{Table, Value};

/// What names an entry of a list; it stays in the agent's file whatever the layer below says.
const IDENTITY: [&str; 4] = ["id", "name", "provider", "source"];

/// Puts `over` on top of `base`.
pub fn merge(base: &mut Table, over: &Table) {
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            (Some(Value::Array(below)), Value::Array(above)) if is_list(above) => {
                merge_lists(below, above);
            }
            _ => drop(base.insert(key.clone(), value.clone())),
        }
    }
}

fn merge_lists(below: &mut Vec<Value>, above: &[Value]) {
    for entry in above {
        let same = below.iter_mut().find(|one| id_of(one) == id_of(entry));
        match (same, entry) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            _ => below.push(entry.clone()),
        }
    }
}

/// Leaves out what the layer below says already, so that it may change there later.
pub fn prune(table: &mut Table, below: &Table) {
    for (key, value) in below {
        match (table.get_mut(key), value) {
            (Some(Value::Table(own)), Value::Table(below)) => prune(own, below),
            (Some(Value::Array(own)), Value::Array(below)) if is_list(below) => {
                prune_lists(own, below);
            }
            (Some(own), value) if own == value && !IDENTITY.contains(&key.as_str()) => {
                table.remove(key);
            }
            _ => {}
        }
    }
}

fn prune_lists(own: &mut [Value], below: &[Value]) {
    for entry in own {
        let same = below.iter().find(|one| id_of(one) == id_of(entry));
        if let (Value::Table(own), Some(Value::Table(below))) = (entry, same) {
            prune(own, below);
        }
    }
}

/// Makes a locked place say what the layer below says, or its default where that says nothing.
pub fn force(table: &mut Table, path: &str, below: &Table) {
    let (parent, last) = path.rsplit_once('.').unwrap_or(("", path));
    let Some(parent) = place_mut(table, parent) else {
        return;
    };
    match (parent, at(below, path).cloned()) {
        (Parent::Table(parent), Some(value)) => drop(parent.insert(last.to_owned(), value)),
        (Parent::Table(parent), None) => drop(parent.remove(last)),
        (Parent::List(entries), value) => {
            entries.retain(|entry| id_of(entry) != Some(last));
            entries.extend(value);
        }
    }
}

enum Parent<'a> {
    Table(&'a mut Table),
    List(&'a mut Vec<Value>),
}

fn place_mut<'a>(table: &'a mut Table, path: &str) -> Option<Parent<'a>> {
    let mut here = Parent::Table(table);
    for step in path.split('.').filter(|step| !step.is_empty()) {
        let next = match here {
            Parent::Table(table) => table.get_mut(step)?,
            Parent::List(list) => list.iter_mut().find(|one| id_of(one) == Some(step))?,
        };
        here = match next {
            Value::Table(table) => Parent::Table(table),
            Value::Array(list) => Parent::List(list),
            _ => return None,
        };
    }
    Some(here)
}

/// What stands at a place.
pub fn at<'a>(table: &'a Table, path: &str) -> Option<&'a Value> {
    let mut steps = path.split('.');
    let mut here = table.get(steps.next()?)?;
    for step in steps {
        here = match here {
            Value::Table(table) => table.get(step)?,
            Value::Array(list) => list.iter().find(|one| id_of(one) == Some(step))?,
            _ => return None,
        };
    }
    Some(here)
}

/// The same place as windows name it: with the number of the entry instead of its id.
pub fn numbered(table: &Table, path: &str) -> Option<String> {
    let mut steps = path.splitn(3, '.');
    let (list, Some(id)) = (steps.next()?, steps.next()) else {
        return Some(path.to_owned());
    };
    let Some(Value::Array(entries)) = table.get(list) else {
        return Some(path.to_owned());
    };
    let index = entries.iter().position(|one| id_of(one) == Some(id))?;
    Some(match steps.next() {
        Some(field) => format!("{list}.{index}.{field}"),
        None => format!("{list}.{index}"),
    })
}

/// The ids of a list's entries.
pub fn ids<'a>(table: &'a Table, list: &str) -> Vec<&'a str> {
    match table.get(list) {
        Some(Value::Array(entries)) => entries.iter().filter_map(id_of).collect(),
        _ => Vec::new(),
    }
}

fn is_list(entries: &[Value]) -> bool {
    entries.iter().any(|entry| id_of(entry).is_some())
}

fn id_of(entry: &Value) -> Option<&str> {
    entry.get("id")?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        text.parse().expect("a table of the test")
    }

    const BELOW: &str = r#"
[dialing]
country = "AT"
area_code = "1"
[[lines]]
id = "desk"
host = "pbx.example"
port = 5039
"#;

    #[test]
    fn what_the_agent_sets_lies_above_and_lists_meet_by_id() {
        let mut all = table(BELOW);
        let own = "[dialing]\narea_code = \"662\"\n[[lines]]\nid = \"home\"\n[[lines]]\nid = \"desk\"\nuser = \"agent\"\n";
        merge(&mut all, &table(own));
        let says = |path: &str| at(&all, path).and_then(Value::as_str).map(str::to_owned);
        assert_eq!(says("dialing.country").as_deref(), Some("AT"));
        assert_eq!(says("dialing.area_code").as_deref(), Some("662"));
        assert_eq!(says("lines.desk.host").as_deref(), Some("pbx.example"));
        assert_eq!(says("lines.desk.user").as_deref(), Some("agent"));
        assert_eq!(ids(&all, "lines"), ["desk", "home"]);
    }

    #[test]
    fn what_only_repeats_the_layer_below_is_left_out() {
        let mut own = table(BELOW);
        prune(&mut own, &table(BELOW));
        assert_eq!(at(&own, "lines.desk.host"), None, "it may change below");
        assert_eq!(ids(&own, "lines"), ["desk"], "the entry keeps its name");
        assert_eq!(at(&own, "dialing.country"), None);
    }

    #[test]
    fn locked_place_says_what_the_layer_below_says_or_its_default() {
        let mut all = table(BELOW);
        merge(
            &mut all,
            &table("[dialing]\ncountry = \"PL\"\noutside_digit = \"9\"\n"),
        );
        force(&mut all, "dialing.country", &table(BELOW));
        force(&mut all, "dialing.outside_digit", &table(BELOW));
        assert_eq!(
            at(&all, "dialing.country").and_then(Value::as_str),
            Some("AT")
        );
        assert_eq!(at(&all, "dialing.outside_digit"), None);
        merge(
            &mut all,
            &table("[[lines]]\nid = \"desk\"\nuser = \"x\"\n[[lines]]\nid = \"own\"\n"),
        );
        force(&mut all, "lines.desk", &table(BELOW));
        assert_eq!(
            at(&all, "lines.desk.user"),
            None,
            "the whole entry is locked"
        );
        force(&mut all, "lines", &table(BELOW));
        assert_eq!(ids(&all, "lines"), ["desk"], "the whole list is locked");
    }

    #[test]
    fn places_are_numbered_for_the_windows() {
        let all = table(BELOW);
        assert_eq!(
            numbered(&all, "lines.desk.host").as_deref(),
            Some("lines.0.host")
        );
        assert_eq!(
            numbered(&all, "dialing.country").as_deref(),
            Some("dialing.country")
        );
        assert_eq!(numbered(&all, "lines.home.host"), None);
    }
}
