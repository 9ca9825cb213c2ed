// The replay that the examples of the documentation go on with: a member who has bought a ring, under examples/maison.toml.
{
    let text = include_str!("../../../examples/maison.toml");
    let program = parure::program::Program::parse("maison.toml", text)?;
    let mut replay = parure::replay::Replay::new(&program, parure::calendar::Day::parse("2026-12-31")?);
    let joined = r#"{"id":"j-1","at":"2026-04-20T10:00:00+08:00","customer":"lin-yue","joined":{}}"#;
    replay.told(0, &parure::fact::Fact::from_json(joined, program.currency())?, None)?;
    replay
}
