//! What an office holds of each copy, in its rows. They are written by whoever has the end.

use super::broken::{Broken, damaged};
use super::connection::Connection;
use super::writing::Head;
use crate::chain::Hash;
use crate::sync::{Aside, Copies, Held, Incoming, Noting, Origin, Sum, Waited};
use std::collections::BTreeMap;

pub(crate) fn read(connection: &mut Connection) -> Result<Copies, Broken> {
    let mut copies = Copies::default();
    for row in connection.rows("SELECT copy, no, numbers, sum FROM copies", &[])? {
        let held = Held::of_row(row.try_get(2)?, row.try_get(3)?);
        let held = held.ok_or_else(|| damaged("what it holds of another copy can't be read"))?;
        copies.add(row.try_get(0)?, row.try_get(1)?, held);
    }
    Ok(copies)
}

/// Facts of the book by their ids: their numbers, and where they came from.
pub(crate) type Origins = BTreeMap<String, (i64, Origin)>;

pub(crate) fn origins(connection: &mut Connection, ids: &[&str]) -> Result<Origins, Broken> {
    let select =
        "SELECT id, seq, copy, origin_seq, content FROM kept JOIN copies ON no = origin WHERE id = ANY ($1)";
    let mut origins = Origins::new();
    for row in connection.rows(select, &[&ids])? {
        let seq: i64 = row.try_get(1)?;
        let origin = ((row.try_get(2)?, row.try_get(3)?), hash(row.try_get(4)?)?);
        origins.insert(row.try_get(0)?, (seq, origin));
    }
    Ok(origins)
}

pub(crate) fn hash(bytes: &[u8]) -> Result<Hash, Broken> {
    Ok(bytes.try_into().map_err(|_| damaged("a hash can't be read"))?)
}

/// Gives the office a name of its own from here on: another copy goes by the one that it had.
pub(crate) fn name_copy(connection: &mut Connection, head: &mut Head) -> Result<(), Broken> {
    let given = Held::up_to(head.copy_seq, head.sum);
    connection.rows(
        "UPDATE copies SET numbers = $2, sum = $3 WHERE no = $1",
        &[&head.origin, &given.ranges_text(), &&given.sum.bytes()[..]],
    )?;
    let rows = connection.rows(
        "INSERT INTO copies (copy, numbers, sum)
         VALUES (replace(gen_random_uuid()::text, '-', ''), '[]', decode(repeat('00', 16), 'hex')) RETURNING no",
        &[],
    )?;
    let row = rows.first().ok_or_else(|| damaged("it has no name for its copy"))?;
    (head.origin, head.copy_seq, head.sum) = (row.try_get(0)?, 0, Sum::default());
    Ok(())
}

/// Begins to note what comes in.
pub(crate) fn begin_noting<'i>(
    connection: &mut Connection,
    incoming: &'i Incoming,
) -> Result<Noting<'i>, Broken> {
    let mut copies = read(connection)?;
    let new: Vec<&str> = incoming.copies().into_iter().filter(|name| copies.number(name).is_none()).collect();
    if !new.is_empty() {
        let insert = "INSERT INTO copies (copy, numbers, sum)
             SELECT name, '[]', decode(repeat('00', 16), 'hex') FROM unnest($1::text[]) AS new (name) RETURNING copy, no";
        for row in connection.rows(insert, &[&new])? {
            copies.add(row.try_get(0)?, row.try_get(1)?, Held::default());
        }
    }
    if let Some(Waited { copy, seq, content, .. }) = &incoming.waited {
        connection.rows(
            "DELETE FROM aside WHERE origin = $1 AND origin_seq = $2 AND content = $3",
            &[&copies.number(copy), seq, &&content[..]],
        )?;
    }
    Ok(Noting::of(incoming, copies))
}

/// Notes what is not new, and writes what is held. `seq_of`: the number of a fact of the book.
pub(crate) fn end_noting(
    connection: &mut Connection,
    mut noting: Noting<'_>,
    seq_of: impl Fn(&str) -> Option<i64>,
) -> Result<(), Broken> {
    let asides: Vec<(i64, &Aside)> = noting.asides().collect();
    if !asides.is_empty() {
        fn column<'a, T>(of: &[(i64, &'a Aside)], part: impl Fn(&'a Aside) -> T) -> Vec<T> {
            of.iter().map(|(_, aside)| part(aside)).collect()
        }
        let of = &asides[..];
        let origins: Vec<i64> = asides.iter().map(|(no, _)| *no).collect();
        // A newer library in another process may have taken in what waited.
        let rows = connection.rows(
            "INSERT INTO aside (origin, origin_seq, content, seq, waits, fact)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bigint[], $5::boolean[], $6::text[])
                  AS new (origin, origin_seq, content, seq, waits, fact)
             WHERE NOT EXISTS (SELECT FROM kept WHERE kept.origin = new.origin AND kept.origin_seq = new.origin_seq
                                    AND kept.content = new.content)
             ON CONFLICT DO NOTHING RETURNING origin, origin_seq, content",
            &[
                &origins,
                &column(of, |aside| aside.seq),
                &column(of, |aside| &aside.content[..]),
                &column(of, |aside| aside.known_as().and_then(&seq_of)),
                &column(of, |aside| aside.kept_here().0),
                &column(of, |aside| aside.kept_here().1),
            ],
        )?;
        let by_number: BTreeMap<(i64, i64, Hash), &Aside> =
            asides.iter().map(|(no, aside)| ((*no, aside.seq, aside.content), *aside)).collect();
        for row in rows {
            let key = (row.try_get(0)?, row.try_get(1)?, hash(row.try_get(2)?)?);
            if let Some(aside) = by_number.get(&key) {
                noting.hold(aside);
            }
        }
    }
    let (mut numbers, mut ranges, mut sums) = (Vec::new(), Vec::new(), Vec::new());
    for (no, held) in noting.copies.changed() {
        numbers.push(no);
        ranges.push(held.ranges_text());
        sums.push(held.sum.bytes().to_vec());
    }
    connection.rows(
        "UPDATE copies SET numbers = held.numbers, sum = held.sum
         FROM unnest($1::bigint[], $2::text[], $3::bytea[]) AS held (no, numbers, sum) WHERE copies.no = held.no",
        &[&numbers, &ranges, &sums],
    )?;
    Ok(())
}
